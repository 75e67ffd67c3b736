import { CLOSE_BRACKET, COMMA, OPEN_BRACKET, skipSpace } from '../ascii.ts'
import { Bad, bad } from '../failure.ts'
import { ascii } from '../record-writer.ts'
import { type Codec, DIFFERENT, isNull } from './codec.ts'

export const OPEN = ascii('[')
export const CLOSE = ascii(']')
export const NEXT = ascii(',')

/** T[], as a JSON array. One array and its elements are allocated per value. */
export function arrayCodec<T>(element: Codec<T>): Codec<readonly (T | null)[]> {
  const codec: Codec<readonly (T | null)[]> = {
    value: null,
    read(bytes, pos, end) {
      if (isNull(bytes, pos)) {
        codec.value = null
        return pos + 4
      }
      if (bytes[pos] !== OPEN_BRACKET) return bad(Bad.wrongType, pos)
      const items: (T | null)[] = []
      for (pos = firstElement(bytes, pos, end); bytes[pos] !== CLOSE_BRACKET;) {
        const after = element.read(bytes, pos, end)
        if (after < 0) return after
        items.push(element.value)
        pos = nextElement(bytes, after, end)
      }
      codec.value = items
      return pos + 1
    },
    check(bytes, pos, end) {
      if (isNull(bytes, pos)) return pos + 4
      if (bytes[pos] !== OPEN_BRACKET) return DIFFERENT
      for (pos = firstElement(bytes, pos, end); bytes[pos] !== CLOSE_BRACKET;) {
        const after = element.check(bytes, pos, end)
        if (after < 0) return DIFFERENT
        pos = nextElement(bytes, after, end)
      }
      return pos + 1
    },
    write(writer, value) {
      writer.raw(OPEN)
      value.forEach((item, i) => {
        if (i > 0) writer.raw(NEXT)
        if (item === null) writer.null()
        else element.write(writer, item)
      })
      writer.raw(CLOSE)
    }
  }
  return codec
}

/** Where the first element begins, or the closing bracket stands. */
export function firstElement(bytes: Uint8Array, pos: number, end: number): number {
  return skipSpace(bytes, pos + 1, end)
}

/** Where the next element begins, or the closing bracket stands. */
export function nextElement(bytes: Uint8Array, pos: number, end: number): number {
  pos = skipSpace(bytes, pos, end)
  return bytes[pos] === COMMA ? skipSpace(bytes, pos + 1, end) : pos
}
