// A decoder of every type, by hand, in the shape that the emitter generates.
import type { Decimal } from '../../../runtime/sql/decimal.ts'
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
  rangeDecimal,
  rangeDouble,
  rangeInt,
  rangeJson,
  rangeText,
  readBigInt,
  readBoolean,
  readDecimal,
  readDouble,
  readInt,
  readJson,
  readText,
  readTimestamp,
  superseded
} from '../../../runtime/codec/index.ts'

export const COLUMNS = ['flag', 'small', 'id', 'amount', 'price', 'note', 'at', 'doc'] as const
export const LABELS = COLUMNS.map(name => ({ name, type: name.toUpperCase() }))
const KEYS = keyTable(COLUMNS)

/** flag, small, id, amount, at */
export const number = new Float64Array(5)
export const wide: (bigint | null)[] = [null, null, null]
/** small, id, amount, price, note, doc */
export const range = new Int32Array(12)
/** note, doc */
export const text: (string | null)[] = [null, null]
/** price, and what price's range can't say */
export const decimal: (Decimal | null)[] = [null, null]

/** Reads all columns, each as value and as range where both exist. */
export function decodeEverything(bytes: Uint8Array, start: number, end: number): DecodeStatus {
  number.fill(NaN)
  range.fill(-1)
  text.fill(null)
  decimal.fill(null)
  let column = firstMember(KEYS, bytes, start, end)
  while (column >= 0) {
    const pos = cursor[0]!
    let next = readColumn(column, bytes, pos, end)
    if (next < 0) {
      next = superseded(KEYS, column, bytes, pos, end, next)
      if (next < 0) return failure(next, column)
    }
    column = nextMember(KEYS, bytes, next, end)
  }
  return column === END ? DecodeStatus.Ok : failure(column, NO_COLUMN)
}

function readColumn(column: number, bytes: Uint8Array, pos: number, end: number): number {
  let next: number
  switch (column) {
    case 0:
      return readBoolean(bytes, pos, end, number, 0)
    case 1:
      next = rangeInt(bytes, pos, end, range, 0)
      return next < 0 ? next : readInt(bytes, pos, end, number, 1)
    case 2:
      next = rangeBigInt(bytes, pos, end, range, 2)
      return next < 0 ? next : readBigInt(bytes, pos, end, number, wide, 2)
    case 3:
      next = rangeDouble(bytes, pos, end, range, 4)
      return next < 0 ? next : readDouble(bytes, pos, end, number, 3)
    case 4:
      next = rangeDecimal(bytes, pos, end, range, 6, decimal, 1, 10, 2)
      return next < 0 ? next : readDecimal(bytes, pos, end, decimal, 0, 10, 2)
    case 5:
      next = rangeText(bytes, pos, end, range, 8)
      return next < 0 ? next : readText(bytes, pos, end, text, 0)
    case 6:
      return readTimestamp(bytes, pos, end, number, 4, 'auto')
    default:
      next = rangeJson(bytes, pos, end, range, 10)
      return next < 0 ? next : readJson(bytes, pos, end, text, 1)
  }
}
