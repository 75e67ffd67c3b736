/** One field of a protobuf message: a number, or the range of its bytes. */
export interface Field {
  readonly number: number
  /** Of a varint. */
  readonly value: bigint
  /** Of a length-delimited field; null for the others. */
  readonly bytes: Uint8Array | null
}

/** What is said of bytes that are no protobuf message at all. */
const OTHER_FORMAT = 'it has another format'

/** Thrown for bytes that are no protobuf message. */
export class WireError extends Error {}

/** The fields of a message, in order. https://protobuf.dev/programming-guides/encoding/ */
export function* readFields(message: Uint8Array): Generator<Field> {
  const at = { pos: 0 }
  while (at.pos < message.length) {
    const tag = readVarint(message, at)
    const number = Number(tag >> 3n)
    if (number === 0) throw new WireError(OTHER_FORMAT)
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, value: readVarint(message, at), bytes: null }
        break
      case 1:
        skip(message, at, 8)
        break
      case 2: {
        const length = Number(readVarint(message, at))
        const start = at.pos
        skip(message, at, length)
        yield { number, value: 0n, bytes: message.subarray(start, at.pos) }
        break
      }
      case 5:
        skip(message, at, 4)
        break
      default:
        throw new WireError(OTHER_FORMAT)
    }
  }
}

function skip(message: Uint8Array, at: { pos: number }, length: number): void {
  at.pos += length
  if (at.pos > message.length) throw new WireError('it is cut off')
}

function readVarint(message: Uint8Array, at: { pos: number }): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = message[at.pos++]
    if (byte === undefined) throw new WireError('it is cut off')
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return BigInt.asIntN(64, value)
  }
  throw new WireError(OTHER_FORMAT)
}
