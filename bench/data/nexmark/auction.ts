import type { NexmarkConfig } from './config.ts'
import { timeOf } from './event-order.ts'
import { FIRST_AUCTION, nextCategory, nextSeller } from './ids.ts'
import { nextPrice } from './price.ts'
import { AUCTIONS, CYCLE, lastAuction } from './proportions.ts'
import type { NexmarkRandom } from './random.ts'
import { nextExtra, nextText } from './random-text.ts'

export interface Auction {
  readonly id: number
  readonly itemName: string
  readonly description: string
  readonly initialBid: number
  readonly reserve: number
  readonly dateTime: string
  readonly expires: string
  readonly seller: number
  readonly category: number
  readonly extra: string
}

const AVERAGE_SIZE = 500
const NUMBERS_SIZE = 8 * 6

/** An auction is open for as long, on average, as it takes for 100 more to come. */
const HORIZON = Math.floor((100 * CYCLE) / AUCTIONS)

export function nextAuctionEvent(
  random: NexmarkRandom,
  event: number,
  dateTime: string,
  config: NexmarkConfig
): Auction {
  const id = FIRST_AUCTION + lastAuction(event)
  const seller = nextSeller(random, event)
  const category = nextCategory(random)
  const initialBid = nextPrice(random)
  const reserve = initialBid + nextPrice(random)
  const expires = new Date(nextExpiry(random, event, config)).toISOString()
  const itemName = nextText(random, 20)
  const description = nextText(random, 100)
  const used = NUMBERS_SIZE + itemName.length + description.length
  const extra = nextExtra(random, used, AVERAGE_SIZE)
  return {
    ...{ id, itemName, description, initialBid, reserve, dateTime, expires, seller, category },
    extra
  }
}

function nextExpiry(random: NexmarkRandom, event: number, config: NexmarkConfig): number {
  const time = timeOf(event, config)
  const horizon = timeOf(event + HORIZON, config) - time
  return time + 1 + random.below(Math.max(horizon * 2, 1))
}
