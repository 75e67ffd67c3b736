import { PACKED_NUMBER } from '../../codec/packed-headers.ts'
import type { LetterBatch, TakenLetters } from '../../contract/index.ts'
import { LengthCursor } from '../wire/read-headers.ts'
import type { RecordColumns } from './columns.ts'

/** Headers take at most so many times the bytes where lengths are numbers of 32 bits. */
const WIDENED = 4

/**
 * Letters that are kept until they are released. Their columns, as librdkafka takes them, are made when somebody asks for them; our own
 * producers do not.
 */
export function keepLetters(
  letters: TakenLetters
): RecordColumns & { readonly letters: LetterBatch; readonly release: () => void } {
  const release = letters.keep()
  let made: RecordColumns | null = null
  const columns = (): RecordColumns => (made ??= copyLetters(letters))
  return {
    letters,
    release,
    count: letters.count,
    op: null,
    get bytes() {
      return columns().bytes
    },
    get keyStart() {
      return columns().keyStart
    },
    get keyEnd() {
      return columns().keyEnd
    },
    get valueStart() {
      return columns().valueStart
    },
    get valueEnd() {
      return columns().valueEnd
    },
    get headers() {
      return columns().headers
    }
  }
}

/** A copy as librdkafka takes it, with packed headers: the letters' bytes are used again. */
export function copyLetters(letters: LetterBatch): RecordColumns {
  const { count, bodyEnd, headers: wired } = letters
  let bytes = Buffer.allocUnsafe(2 * letters.bytes.length)
  let pos = 0
  const makeRoom = (length: number): void => {
    if (pos + length <= bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (pos + length))
    bytes.copy(larger, 0, 0, pos)
    bytes = larger
  }
  const copy = (start: number, end: number): number => {
    if (start < 0) return -1
    makeRoom(end - start)
    bytes.set(letters.bytes.subarray(start, end), pos)
    pos += end - start
    return pos - (end - start)
  }
  const [keyStart, keyEnd, valueStart, valueEnd, headers] = Array.from(
    { length: 5 },
    () => new Int32Array(count)
  ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array]
  for (let i = 0; i < count; i++) {
    keyStart[i] = copy(letters.keyStart[i]!, letters.keyEnd[i]!)
    keyEnd[i] = pos
    valueStart[i] = copy(letters.valueStart[i]!, letters.valueEnd[i]!)
    valueEnd[i] = pos
    headers[i] = pos
    makeRoom(WIDENED * (bodyEnd[i]! - wired[i]!))
    pos = pack(letters.bytes, wired[i]!, bytes, pos)
  }
  const used = bytes.subarray(0, pos)
  return { bytes: used, count, keyStart, keyEnd, valueStart, valueEnd, op: null, headers }
}

/** Packs headers with their number: see codec/packed-headers.ts. Answers the position behind them. */
function pack(bytes: Uint8Array, start: number, out: Buffer, at: number): number {
  const cursor = new LengthCursor(bytes, start)
  const count = cursor.next()
  out.writeInt32LE(count, at)
  let pos = at + PACKED_NUMBER
  for (let left = count; left > 0; left--) {
    const key = cursor.part()
    const keyEnd = cursor.pos
    const value = cursor.part()
    out.writeInt32LE(keyEnd - key, pos)
    out.writeInt32LE(value < 0 ? -1 : cursor.pos - value, pos + PACKED_NUMBER)
    pos += 2 * PACKED_NUMBER
    for (let i = key; i < keyEnd; i++) out[pos++] = bytes[i]!
    if (value >= 0) for (let i = value; i < cursor.pos; i++) out[pos++] = bytes[i]!
  }
  return pos
}
