import { CLOSE_BRACKET, OPEN_BRACKET } from '../ascii.ts'
import { Bad, bad } from '../failure.ts'
import { arrayCodec, CLOSE, firstElement, nextElement, NEXT, OPEN } from './array-codec.ts'
import { type Codec, DIFFERENT, isNull } from './codec.ts'
import { doubleCodec } from './scalar-codecs.ts'

/** A DOUBLE that is not null. */
const numberElement: Codec<number> = {
  ...doubleCodec,
  read(bytes, pos, end) {
    if (isNull(bytes, pos)) return bad(Bad.wrongType, pos)
    const after = doubleCodec.read(bytes, pos, end)
    numberElement.value = doubleCodec.value
    return after
  },
  check: (bytes, pos, end) => (isNull(bytes, pos) ? DIFFERENT : doubleCodec.check(bytes, pos, end))
}

/** VECTOR(dimensions): a JSON array of as many numbers, without a null among them. */
export function vectorCodec(dimensions: number): Codec<Float64Array> {
  const numbers = arrayCodec(numberElement)
  const codec: Codec<Float64Array> = {
    value: null,
    read(bytes, pos, end) {
      const after = numbers.read(bytes, pos, end)
      if (after < 0) return after
      const { value } = numbers
      codec.value = null
      if (value === null) return after
      if (value.length !== dimensions) return bad(Bad.dimensions, pos)
      codec.value = Float64Array.from(value as readonly number[])
      return after
    },
    check(bytes, pos, end) {
      if (isNull(bytes, pos)) return pos + 4
      if (bytes[pos] !== OPEN_BRACKET) return DIFFERENT
      let count = 0
      for (pos = firstElement(bytes, pos, end); bytes[pos] !== CLOSE_BRACKET; count++) {
        const after = numberElement.check(bytes, pos, end)
        if (after < 0) return DIFFERENT
        pos = nextElement(bytes, after, end)
      }
      return count === dimensions ? pos + 1 : DIFFERENT
    },
    write(writer, value) {
      writer.raw(OPEN)
      for (let i = 0; i < value.length; i++) {
        if (i > 0) writer.raw(NEXT)
        writer.double(value[i]!)
      }
      writer.raw(CLOSE)
    }
  }
  return codec
}
