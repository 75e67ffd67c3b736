import {
  type NexmarkConfig,
  type NexmarkEvent,
  nexmarkEvents,
  sideInput
} from '../../../bench/data/nexmark/index.ts'
import type { FixtureRecord } from '../records.ts'

const HOUR = 3_600_000
const encoder = new TextEncoder()

/** The topics that the queries read. */
export interface NexmarkInput {
  readonly events: readonly FixtureRecord[]
  /** q13's table. */
  readonly sideInput: readonly FixtureRecord[]
}

/**
 * `count` events, and a last person who has nothing to do with them and comes an hour later: the watermark passes every
 * window that they are in.
 */
export function makeNexmarkInput(config: NexmarkConfig, count: number): NexmarkInput {
  const events: FixtureRecord[] = []
  for (const event of nexmarkEvents(config, count)) events.push(makeRecord(event, config))
  events.push(makeRecord(lastPerson(config, count), config))
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

function lastPerson({ baseTime, rate }: NexmarkConfig, count: number): NexmarkEvent {
  const dateTime = new Date(baseTime + (count * 1000) / rate + HOUR).toISOString()
  const person = {
    ...{ id: 0, name: 'Last', emailAddress: '', creditCard: '', city: '', state: 'XX' },
    ...{ dateTime, extra: '' }
  }
  return { event_type: 0, person }
}
