import { OPEN_BRACE } from '../ascii.ts'
import { Bad, bad } from '../failure.ts'
import { ascii } from '../record-writer.ts'
import { decodeString } from '../string.ts'
import { type Codec, DIFFERENT, isNull } from './codec.ts'
import { eachMember } from './row-codec.ts'

const OPEN = ascii('{')
const CLOSE = ascii('}')
const NEXT = ascii(',')
const COLON = ascii(':')

/** MAP<TEXT, T>, as a JSON object: members keep their order, and of duplicate keys the last one's value counts. */
export function mapCodec<T>(item: Codec<T>): Codec<ReadonlyMap<string, T | null>> {
  const codec: Codec<ReadonlyMap<string, T | null>> = {
    value: null,
    read(bytes, pos, end) {
      codec.value = null
      if (isNull(bytes, pos)) return pos + 4
      if (bytes[pos] !== OPEN_BRACE) return bad(Bad.wrongType, pos)
      const starts = new Map<string, number>()
      let broken = -1
      const after = eachMember(bytes, pos, end, (keyStart, keyEnd, start) => {
        const key = decodeString(bytes, keyStart, keyEnd)
        if (key === null) broken = keyStart
        else starts.set(key, start)
      })
      if (broken >= 0) return bad(Bad.surrogate, broken)
      const map = new Map<string, T | null>()
      for (const [key, start] of starts) {
        const read = item.read(bytes, start, end)
        if (read < 0) return read
        map.set(key, item.value)
      }
      codec.value = map
      return after
    },
    check(bytes, pos, end) {
      if (isNull(bytes, pos)) return pos + 4
      if (bytes[pos] !== OPEN_BRACE) return DIFFERENT
      const keys = new Set<string>()
      let count = 0
      let same = true
      const after = eachMember(bytes, pos, end, (keyStart, keyEnd, start) => {
        const key = decodeString(bytes, keyStart, keyEnd)
        if (key === null || item.check(bytes, start, end) < 0) same = false
        else keys.add(key)
        count++
      })
      return same && keys.size === count ? after : DIFFERENT
    },
    write(writer, value) {
      writer.raw(OPEN)
      let first = true
      for (const [key, entry] of value) {
        if (!first) writer.raw(NEXT)
        first = false
        writer.string(key)
        writer.raw(COLON)
        if (entry === null) writer.null()
        else item.write(writer, entry)
      }
      writer.raw(CLOSE)
    }
  }
  return codec
}
