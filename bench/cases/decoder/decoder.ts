// Written by hand in the shape that the emitter generates: one function per source, slots of one reused row.
import {
  cursor,
  DecodeStatus,
  END,
  failure,
  firstMember,
  keyTable,
  nextMember,
  NO_COLUMN,
  rangeBigInt,
  readDouble,
  superseded
} from '../../../runtime/codec/index.ts'

const KEYS = keyTable(['transaction_id', 'amount', 'timestamp'])
/** transaction_id, timestamp: only copied. */
export const range = new Int32Array(4)
/** amount: compared. */
export const number = new Float64Array(1)

/** transactions: reads 3 columns. */
export function decodeTransactions(bytes: Uint8Array, start: number, end: number): DecodeStatus {
  range[0] = -1
  range[2] = -1
  number[0] = NaN
  let column = firstMember(KEYS, bytes, start, end)
  while (column >= 0) {
    const pos = cursor[0]!
    let next: number
    switch (column) {
      case 0:
        next = rangeBigInt(bytes, pos, end, range, 0)
        break
      case 1:
        next = readDouble(bytes, pos, end, number, 0)
        break
      default:
        next = rangeBigInt(bytes, pos, end, range, 2)
    }
    if (next < 0) {
      next = superseded(KEYS, column, bytes, pos, end, next)
      if (next < 0) return failure(next, column)
    }
    column = nextMember(KEYS, bytes, next, end)
  }
  return column === END ? DecodeStatus.Ok : failure(column, NO_COLUMN)
}
