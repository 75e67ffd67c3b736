/** Of each 50 events the first is a person, the next 3 are auctions, the others bids. */
export const CYCLE = 50
export const PERSONS = 1
export const AUCTIONS = 3

export type EventKind = 'person' | 'auction' | 'bid'

export function kindOf(event: number): EventKind {
  const place = event % CYCLE
  return place < PERSONS ? 'person' : place < PERSONS + AUCTIONS ? 'auction' : 'bid'
}

/** The number of the last person up to an event, counted from 0. */
export function lastPerson(event: number): number {
  return Math.floor(event / CYCLE)
}

/** The number of the last auction up to an event, counted from 0; -1: there is none yet. */
export function lastAuction(event: number): number {
  const place = event % CYCLE
  const before = Math.floor(event / CYCLE) * AUCTIONS
  return before + Math.min(place - PERSONS, AUCTIONS - 1)
}
