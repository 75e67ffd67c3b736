import type { RecordHeader } from '../../contract/index.ts'
import type { VarintCursor } from './walk-slowly.ts'

/** The headers at the cursor, copied; it moves behind them. */
export function readHeaders(bytes: Uint8Array, cursor: VarintCursor): RecordHeader[] {
  return Array.from({ length: cursor.number() }, () => {
    const key = cursor.part(bytes.length)
    const value = cursor.part(bytes.length)
    if (key === undefined || value === undefined) throw new RangeError('headers end too early')
    return {
      key: Buffer.from(bytes.subarray(key.start, key.end)).toString(),
      value: value.start < 0 ? null : Buffer.from(bytes.subarray(value.start, value.end))
    }
  })
}
