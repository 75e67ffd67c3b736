import { type Auction, nextAuctionEvent } from './auction.ts'
import { type Bid, nextBid } from './bid.ts'
import { Channels } from './channels.ts'
import type { NexmarkConfig } from './config.ts'
import { eventAt, timeOf } from './event-order.ts'
import { nextPerson, type Person } from './person.ts'
import { kindOf } from './proportions.ts'
import { NexmarkRandom } from './random.ts'

/** As Nexmark's topic holds it: one of three, `event_type` says which. */
export type NexmarkEvent =
  | { readonly event_type: 0; readonly person: Person }
  | { readonly event_type: 1; readonly auction: Auction }
  | { readonly event_type: 2; readonly bid: Bid }

/**
 * The events at `count` places of the stream, from `first` on, one at a time: none is kept, and any part of a stream can be
 * made without what comes before.
 */
export function* nexmarkEvents(
  config: NexmarkConfig,
  count: number,
  first = 0
): Generator<NexmarkEvent> {
  const random = new NexmarkRandom()
  const channels = new Channels(config)
  for (let place = first; place < first + count; place++) {
    const event = eventAt(place, config)
    random.seed(config.seed, 0, event)
    yield makeEvent(random, event, config, channels)
  }
}

function makeEvent(
  random: NexmarkRandom,
  event: number,
  config: NexmarkConfig,
  channels: Channels
): NexmarkEvent {
  const dateTime = new Date(timeOf(event, config)).toISOString()
  switch (kindOf(event)) {
    case 'person':
      return { event_type: 0, person: nextPerson(random, event, dateTime) }
    case 'auction':
      return { event_type: 1, auction: nextAuctionEvent(random, event, dateTime, config) }
    case 'bid':
      return { event_type: 2, bid: nextBid(random, event, dateTime, channels) }
  }
}
