import type { NexmarkConfig } from './config.ts'
import { timeOf } from './event-order.ts'
import type { NexmarkEvent } from './events.ts'

const HOUR = 3_600_000

/**
 * A last person, who has nothing to do with the `count` events before and comes an hour later: the watermark passes every
 * window that they are in.
 */
export function closingEvent(config: NexmarkConfig, count: number): NexmarkEvent {
  const dateTime = new Date(timeOf(count, config) + HOUR).toISOString()
  const person = {
    ...{ id: 0, name: 'Last', emailAddress: '', creditCard: '', city: '', state: 'XX' },
    ...{ dateTime, extra: '' }
  }
  return { event_type: 0, person }
}
