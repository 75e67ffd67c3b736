// A decoder of columns that are only copied, by hand, in the shape that the emitter generates: the scanner stores what is plain of them.
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
  rangeDouble,
  rangeText,
  reserveRanges,
  superseded
} from '../../../runtime/codec/index.ts'

/** id, amount, note, last, other */
export const copied = reserveRanges(5)
const KEYS = keyTable(
  ['id', 'amount', 'note', 'last', 'other'],
  copied,
  [-1, -1, 4, 6, 8],
  [0, -1, -1, -1, -1]
)

export function decodeCopied(bytes: Uint8Array, start: number, end: number): DecodeStatus {
  copied.fill(-1)
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
  if (column === 0) return rangeBigInt(bytes, pos, end, copied, 0)
  if (column === 1) return rangeDouble(bytes, pos, end, copied, 2)
  return rangeText(bytes, pos, end, copied, column * 2)
}

/** The columns' ranges from the record's start on; null for NULL. */
export function copiedPlaces(start: number): (readonly [from: number, to: number] | null)[] {
  return [0, 2, 4, 6, 8].map(at =>
    copied[at]! < 0 ? null : [copied[at]! - start, copied[at + 1]! - start]
  )
}
