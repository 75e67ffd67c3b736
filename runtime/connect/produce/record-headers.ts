import { unpackHeaders } from '../../codec/index.ts'
import type { RecordHeader } from '../../contract/index.ts'
import { VARINT_OF_NULL, varintSize, writeVarint } from './varint.ts'

/** Headers as a record holds them, with their number: https://kafka.apache.org/documentation/#recordheader */
export function encodeHeaders(headers: readonly RecordHeader[]): Uint8Array {
  const named = headers.map(({ key, value }) => ({ key: Buffer.from(key), value }))
  const size = named.reduce((sum, { key, value }) => {
    const content = value === null ? 1 : varintSize(value.length) + value.length
    return sum + varintSize(key.length) + key.length + content
  }, varintSize(named.length))
  const bytes = new Uint8Array(size)
  let pos = writeVarint(bytes, 0, named.length)
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
  return bytes
}

export const NO_HEADERS = encodeHeaders([])

/** Of headers as codec/packed-headers.ts has them. */
export function encodePacked(bytes: Uint8Array, start: number): Uint8Array {
  return encodeHeaders(unpackHeaders(bytes, start))
}
