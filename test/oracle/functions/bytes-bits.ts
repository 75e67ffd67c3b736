import { Failure } from '../failure.ts'
import type { Twins } from './entry.ts'

type Bits = readonly boolean[]

/** Every bit, the lowest of each byte first. */
function bitsOf(bytes: Uint8Array): Bits {
  return [...bytes].flatMap(byte =>
    [...byte.toString(2).padStart(8, '0')].toReversed().map(bit => bit === '1')
  )
}

function bytesOf(bits: Bits): Uint8Array {
  return Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce((byte, bit, j) => byte + (bit ? 2 ** j : 0), 0)
  )
}

function indexIn(items: ArrayLike<unknown>, index: bigint): number {
  if (index < 0n || index >= BigInt(items.length)) throw new Failure('out-of-range', String(index))
  return Number(index)
}

/** Division of polynomials, bit by bit. */
function crc(bytes: Uint8Array, polynomial: bigint): bigint {
  let rest = 0xffffffffn
  for (const bit of bitsOf(bytes)) {
    const odd = ((rest & 1n) === 1n) !== bit
    rest = (rest >> 1n) ^ (odd ? polynomial : 0n)
  }
  return rest ^ 0xffffffffn
}

/** The bytes that are left when those of a set go from one or both ends. */
export function trimBytes(bytes: Uint8Array, set: Uint8Array, start: boolean, end: boolean) {
  const left = [...bytes]
  while (start && left.length > 0 && set.includes(left[0]!)) left.shift()
  while (end && left.length > 0 && set.includes(left.at(-1)!)) left.pop()
  return Uint8Array.from(left)
}

export const bitTwins: Twins = {
  set_byte: {
    evaluate: ([bytes, index, byte]: readonly [Uint8Array, bigint, bigint]) => {
      const at = indexIn(bytes, index)
      return Uint8Array.from(bytes, (each, i) =>
        i === at ? Number(BigInt.asUintN(8, byte)) : each
      )
    }
  },
  get_bit: {
    evaluate: ([bytes, index]: readonly [Uint8Array, bigint]) => {
      const bits = bitsOf(bytes)
      return bits[indexIn(bits, index)]! ? 1n : 0n
    }
  },
  set_bit: {
    evaluate: ([bytes, index, bit]: readonly [Uint8Array, bigint, bigint]) => {
      const bits = bitsOf(bytes)
      const at = indexIn(bits, index)
      if (bit !== 0n && bit !== 1n) throw new Failure('out-of-domain', String(bit))
      return bytesOf(bits.with(at, bit === 1n))
    }
  },
  bit_count: {
    evaluate: ([bytes]: readonly [Uint8Array]) => BigInt(bitsOf(bytes).filter(Boolean).length)
  },
  crc32: { evaluate: ([bytes]: readonly [Uint8Array]) => crc(bytes, 0xedb88320n) },
  crc32c: { evaluate: ([bytes]: readonly [Uint8Array]) => crc(bytes, 0x82f63b78n) }
}
