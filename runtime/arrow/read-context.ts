import type { TimestampUnit } from '../sql/timestamp.ts'

/** What the readers of one record share. */
export interface ReadContext {
  /** Of integers in TIMESTAMP columns. */
  readonly unit: TimestampUnit
  /** Throws where values that may lie over one another come to more than a record can reasonably hold. */
  spend(bytes: number): void
}

/** What the values of a record may come to, in bytes. */
const MOST_BYTES = 1 << 28

export function readContext(unit: TimestampUnit): ReadContext {
  let left = MOST_BYTES
  return {
    unit,
    spend(bytes) {
      if ((left -= bytes) < 0) throw new RangeError('values lie over one another')
    }
  }
}
