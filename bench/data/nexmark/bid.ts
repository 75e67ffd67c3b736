import type { Channels } from './channels.ts'
import { nextAuction, nextBidder } from './ids.ts'
import { nextPrice } from './price.ts'
import type { NexmarkRandom } from './random.ts'
import { nextExtra } from './random-text.ts'

export interface Bid {
  readonly auction: number
  readonly bidder: number
  readonly price: number
  readonly channel: string
  readonly url: string
  readonly dateTime: string
  readonly extra: string
}

const AVERAGE_SIZE = 100
const NUMBERS_SIZE = 8 * 4

export function nextBid(
  random: NexmarkRandom,
  event: number,
  dateTime: string,
  channels: Channels
): Bid {
  const auction = nextAuction(random, event)
  const bidder = nextBidder(random, event)
  const price = nextPrice(random)
  const { channel, url } = channels.next(random)
  const extra = nextExtra(random, NUMBERS_SIZE, AVERAGE_SIZE)
  return { auction, bidder, price, channel, url, dateTime, extra }
}
