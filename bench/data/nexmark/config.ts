/** What a stream of events depends on; the proportions beside it are constants of Nexmark. */
export interface NexmarkConfig {
  readonly seed: number
  /** Events per second of event time. */
  readonly rate: number
  /** The time of event 0, in milliseconds since the epoch. */
  readonly baseTime: number
  /** Events leave their order inside of groups of so many; 1: they come in order. */
  readonly outOfOrderGroup: number
}

export const defaultNexmark: NexmarkConfig = {
  seed: 0,
  rate: 10_000,
  baseTime: Date.UTC(2015, 6, 15),
  outOfOrderGroup: 1
}
