import { copyBytes, viewBytes } from '../../codec/copy-bytes.ts'
import { PACKED_NUMBER, packedNumber } from '../../codec/packed-headers.ts'
import type { RecordHeader } from '../../contract/index.ts'
import { VARINT_BYTES, VARINT_OF_NULL, varintSize, writeVarint } from './varint.ts'

/** Headers that many records share, encoded once: without their number. */
export interface HeaderBlock {
  readonly bytes: Uint8Array
  readonly count: number
}

export function headerBlock(headers: readonly RecordHeader[]): HeaderBlock {
  const named = headers.map(({ key, value }) => ({ key: Buffer.from(key), value }))
  const size = named.reduce((sum, { key, value }) => {
    const content = value === null ? 1 : varintSize(value.length) + value.length
    return sum + varintSize(key.length) + key.length + content
  }, 0)
  const bytes = new Uint8Array(size)
  let pos = 0
  for (const { key, value } of named) {
    pos = writeVarint(bytes, pos, key.length)
    bytes.set(key, pos)
    pos += key.length
    if (value === null) bytes[pos++] = VARINT_OF_NULL
    else {
      pos = writeVarint(bytes, pos, value.length)
      bytes.set(value, pos)
      pos += value.length
    }
  }
  return { bytes, count: headers.length }
}

/** Headers as a record holds them, with their number: https://kafka.apache.org/documentation/#recordheader */
export function encodeHeaders(headers: readonly RecordHeader[]): Uint8Array {
  const { bytes, count } = headerBlock(headers)
  const encoded = new Uint8Array(varintSize(count) + bytes.length)
  encoded.set(bytes, writeVarint(encoded, 0, count))
  return encoded
}

export const NO_HEADERS = encodeHeaders([])

/** Headers of records one after the other, packed as codec/packed-headers.ts has them: no object for each. */
export class PackedHeaders {
  #bytes = new Uint8Array(1024)
  #view = viewBytes(this.#bytes)

  /** As a record holds them; what was answered before is gone. */
  encode(packed: Uint8Array, start: number): Uint8Array {
    const count = packedNumber(packed, start)
    let most = VARINT_BYTES
    for (let left = count, at = start + PACKED_NUMBER; left > 0; left--) {
      const length =
        packedNumber(packed, at) + Math.max(0, packedNumber(packed, at + PACKED_NUMBER))
      at += 2 * PACKED_NUMBER + length
      most += 2 * VARINT_BYTES + length
    }
    if (most > this.#bytes.length) {
      this.#bytes = new Uint8Array(2 * most)
      this.#view = viewBytes(this.#bytes)
    }
    const out = this.#bytes
    const view = this.#view
    let from = start + PACKED_NUMBER
    let pos = writeVarint(out, 0, count)
    for (let left = count; left > 0; left--) {
      const key = packedNumber(packed, from)
      const value = packedNumber(packed, from + PACKED_NUMBER)
      from += 2 * PACKED_NUMBER
      pos = writeVarint(out, pos, key)
      copyBytes(packed, from, from + key, out, view, pos)
      pos += key
      from += key
      if (value < 0) out[pos++] = VARINT_OF_NULL
      else {
        pos = writeVarint(out, pos, value)
        copyBytes(packed, from, from + value, out, view, pos)
        pos += value
        from += value
      }
    }
    return out.subarray(0, pos)
  }
}
