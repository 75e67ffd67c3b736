import type { ArrowBuffer } from './arrow-vector.ts'
import { longAt } from './flat-table.ts'

/**
 * Where values of different lengths begin, and where the last one ends: place `length`. They are checked to go up, and to end within
 * `end`: otherwise values could lie over one another, and a record of some bytes come to any number of them.
 */
export function offsetReader(
  { view }: ArrowBuffer,
  wide: boolean,
  length: number,
  end: number
): (row: number) => number {
  // A vector of no values may have no offsets.
  if (length === 0) return () => 0
  const read = wide
    ? (row: number) => longAt(view, row * 8)
    : (row: number) => view.getInt32(row * 4, true)
  let last = read(0)
  if (last < 0) throw new RangeError('an offset is negative')
  for (let row = 1; row <= length; row++) {
    const next = read(row)
    if (next < last) throw new RangeError('offsets go back')
    last = next
  }
  if (last > end) throw new RangeError('a value ends outside')
  return read
}
