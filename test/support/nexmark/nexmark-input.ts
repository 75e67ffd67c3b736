import {
  closingEvent,
  type NexmarkConfig,
  nexmarkEvents,
  sideInput
} from '../../../bench/data/nexmark/index.ts'
import type { FixtureRecord } from '../records.ts'

const encoder = new TextEncoder()

/** The topics that the queries read. */
export interface NexmarkInput {
  readonly events: readonly FixtureRecord[]
  /** q13's table. */
  readonly sideInput: readonly FixtureRecord[]
}

/** `count` events, and one that closes their windows. */
export function makeNexmarkInput(config: NexmarkConfig, count: number): NexmarkInput {
  const events: FixtureRecord[] = []
  for (const event of nexmarkEvents(config, count)) events.push(makeRecord(event, config))
  events.push(makeRecord(closingEvent(config, count), config))
  const rows = sideInput().map(row => ({
    ...makeRecord(row, config),
    key: encoder.encode(String(row.key))
  }))
  return { events, sideInput: rows }
}

function makeRecord(value: object, { baseTime }: NexmarkConfig): FixtureRecord {
  return {
    ...{ key: null, value: encoder.encode(JSON.stringify(value)), partition: 0 },
    ...{ timestamp: baseTime, error: null, op: null }
  }
}
