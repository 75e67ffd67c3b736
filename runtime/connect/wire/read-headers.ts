import type { RecordHeader } from '../../contract/index.ts'
import type { TraceContextFinder } from '../../codec/index.ts'
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

/** The trace context among the headers at `start`: no object for each, since every record may have some. */
export function readTraceContext(
  finder: TraceContextFinder,
  bytes: Uint8Array,
  start: number
): Uint8Array | null {
  const cursor = new LengthCursor(bytes, start)
  for (let left = cursor.next(); left > 0; left--) {
    const key = cursor.part()
    const keyEnd = cursor.pos
    const value = cursor.part()
    if (key < 0 || cursor.pos > bytes.length) break
    finder.see(bytes, key, keyEnd, value, cursor.pos)
  }
  return finder.take()
}

/** Lengths as zigzag varints of 32 bits, and what they are the length of. */
export class LengthCursor {
  readonly #bytes: Uint8Array
  pos: number

  constructor(bytes: Uint8Array, pos: number) {
    this.#bytes = bytes
    this.pos = pos
  }

  next(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.pos++] ?? 0
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return (value >>> 1) ^ -(value & 1)
  }

  /** Passes it by and answers where it starts; -1: null. */
  part(): number {
    const length = this.next()
    const start = this.pos
    if (length < 0) return -1
    this.pos += length
    return start
  }
}
