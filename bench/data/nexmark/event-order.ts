import type { NexmarkConfig } from './config.ts'

/** Prime, so that it visits every place of a group. */
const STRIDE = 953

/** The number of the event that comes at a place of the stream. */
export function eventAt(place: number, { outOfOrderGroup }: NexmarkConfig): number {
  const first = place - (place % outOfOrderGroup)
  return first + ((place * STRIDE) % outOfOrderGroup)
}

/** Milliseconds since the epoch. */
export function timeOf(event: number, { baseTime, rate }: NexmarkConfig): number {
  return baseTime + Math.floor((event * 1000) / rate)
}

/** No event from this place on is older. */
export function watermarkAt(place: number, config: NexmarkConfig): number {
  return timeOf(place - (place % config.outOfOrderGroup), config)
}
