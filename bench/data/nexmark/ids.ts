import { lastAuction, lastPerson } from './proportions.ts'
import type { NexmarkRandom } from './random.ts'

/** Ids begin here. */
export const FIRST_PERSON = 1000
export const FIRST_AUCTION = 1000
export const FIRST_CATEGORY = 10

/** Who and what is hot changes with each so many people and auctions. */
const HOT_SPAN = 100
const ACTIVE_PEOPLE = 1000
const UNBORN_PEOPLE = 10
const OPEN_AUCTIONS = 100
const UNBORN_AUCTIONS = 10

/** Three of four auctions are the hot seller's, who is the first of the last 100 people. */
export function nextSeller(random: NexmarkRandom, event: number): number {
  return (
    FIRST_PERSON +
    (random.below(4) > 0 ? firstOfSpan(lastPerson(event)) : nextPerson(random, event))
  )
}

/**
 * Three of four bids are the hot bidder's, who is the second of the last 100 people. Flink's generator adds the first id
 * twice, so that its bidders and its people hardly meet; here they do.
 */
export function nextBidder(random: NexmarkRandom, event: number): number {
  const bidder =
    random.below(4) > 0 ? firstOfSpan(lastPerson(event)) + 1 : nextPerson(random, event)
  return FIRST_PERSON + bidder
}

/** Every second bid is for the hot auction, the others for one of those that are open or about to be. */
export function nextAuction(random: NexmarkRandom, event: number): number {
  const last = lastAuction(event)
  if (random.below(2) > 0) return FIRST_AUCTION + firstOfSpan(last)
  const first = Math.max(last - OPEN_AUCTIONS, 0)
  return FIRST_AUCTION + first + random.below(last - first + 1 + UNBORN_AUCTIONS)
}

export function nextCategory(random: NexmarkRandom): number {
  return FIRST_CATEGORY + random.below(5)
}

/** One of the last 1,000, or of the 10 who come next. */
function nextPerson(random: NexmarkRandom, event: number): number {
  const people = lastPerson(event) + 1
  const active = Math.min(people, ACTIVE_PEOPLE)
  return people - active + random.below(active + UNBORN_PEOPLE)
}

function firstOfSpan(number: number): number {
  return number - (number % HOT_SPAN)
}
