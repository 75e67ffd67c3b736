import { CLOSE_BRACE, COLON, COMMA, OPEN_BRACE, QUOTE, skipSpace } from '../ascii.ts'
import { Bad, bad } from '../failure.ts'
import { ascii } from '../record-writer.ts'
import { skipString, skipValue } from '../skip.ts'
import { decodeString } from '../string.ts'
import { type Codec, DIFFERENT, isNull } from './codec.ts'

const CLOSE = ascii('}')
const EMPTY = ascii('{}')

/**
 * ROW, as a JSON object; a value is the array of its fields. A missing field is NULL, others are left out, and of
 * duplicates the last counts.
 */
export function rowCodec(
  names: readonly string[],
  fields: readonly Codec<unknown>[]
): Codec<readonly unknown[]> {
  const index = new Map(names.map((name, i) => [name, i]))
  const quoted = names.map(name => ascii(JSON.stringify(name)))
  const openings = names.map((name, i) => ascii(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`))
  // Where each field was found last; a row inside of a row has its own codec.
  const starts = new Int32Array(names.length)
  const codec: Codec<readonly unknown[]> = {
    value: null,
    read(bytes, pos, end) {
      codec.value = null
      if (isNull(bytes, pos)) return pos + 4
      if (bytes[pos] !== OPEN_BRACE) return bad(Bad.wrongType, pos)
      starts.fill(-1)
      const after = eachMember(bytes, pos, end, (keyStart, keyEnd, start) => {
        const field = index.get(decodeString(bytes, keyStart, keyEnd) ?? '')
        if (field !== undefined) starts[field] = start
      })
      const row: unknown[] = []
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i]!
        const start = starts[i]!
        const read = start < 0 ? 0 : field.read(bytes, start, end)
        if (read < 0) return read
        row.push(start < 0 ? null : field.value)
      }
      codec.value = row
      return after
    },
    check(bytes, pos, end) {
      if (isNull(bytes, pos)) return pos + 4
      if (bytes[pos] !== OPEN_BRACE) return DIFFERENT
      pos = skipSpace(bytes, pos + 1, end)
      // Exactly the fields, in their order.
      for (let i = 0; i < fields.length; i++) {
        pos = afterKey(bytes, pos, end, quoted[i]!)
        if (pos < 0) return DIFFERENT
        const after = fields[i]!.check(bytes, pos, end)
        if (after < 0) return DIFFERENT
        pos = skipSpace(bytes, after, end)
        if (i < fields.length - 1) {
          if (bytes[pos] !== COMMA) return DIFFERENT
          pos = skipSpace(bytes, pos + 1, end)
        }
      }
      return bytes[pos] === CLOSE_BRACE ? pos + 1 : DIFFERENT
    },
    write(writer, value) {
      if (fields.length === 0) return writer.raw(EMPTY)
      for (let i = 0; i < fields.length; i++) {
        writer.raw(openings[i]!)
        const item = value[i]
        if (item === null) writer.null()
        else fields[i]!.write(writer, item)
      }
      writer.raw(CLOSE)
    }
  }
  return codec
}

/** Calls `visit` with the key (in quotes) and the value's position of each member; answers the position behind the object. */
export function eachMember(
  bytes: Uint8Array,
  pos: number,
  end: number,
  visit: (keyStart: number, keyEnd: number, start: number) => void
): number {
  pos = skipSpace(bytes, pos + 1, end)
  while (bytes[pos] === QUOTE) {
    const keyEnd = skipString(bytes, pos, end)
    const start = skipSpace(bytes, skipSpace(bytes, keyEnd, end) + 1, end)
    visit(pos, keyEnd, start)
    pos = skipSpace(bytes, skipValue(bytes, start, end), end)
    if (bytes[pos] === COMMA) pos = skipSpace(bytes, pos + 1, end)
  }
  return pos + 1
}

/** The position of the value, where this key stands at `pos`, spelled so; else -1. */
function afterKey(bytes: Uint8Array, pos: number, end: number, key: Uint8Array): number {
  for (let i = 0; i < key.length; i++) if (bytes[pos + i] !== key[i]) return -1
  pos = skipSpace(bytes, pos + key.length, end)
  return bytes[pos] === COLON ? skipSpace(bytes, pos + 1, end) : -1
}
