import { crc32 as crcOf } from 'node:zlib'
import { failure } from '../sql/failure.ts'
import type { BigIntValue } from './bigint.ts'

// Bits count from the lowest of each byte, as in PostgreSQL: bit 8 is the lowest of the second byte.

export function getBit(bytes: Uint8Array, index: BigIntValue, site: number): number {
  return (byteOfBit(bytes, index, site) >> (Number(index) % 8)) & 1
}

export function setBit(
  bytes: Uint8Array,
  index: BigIntValue,
  bit: number,
  site: number
): Uint8Array {
  const byte = byteOfBit(bytes, index, site)
  if (bit !== 0 && bit !== 1) throw failure(site, 'out-of-domain', 'a bit is 0 or 1')
  const mask = 1 << (Number(index) % 8)
  return replaceByte(bytes, Math.floor(Number(index) / 8), bit === 1 ? byte | mask : byte & ~mask)
}

/** Of the new value the lowest eight bits. */
export function setByte(bytes: Uint8Array, index: number, byte: number, site: number): Uint8Array {
  if (index < 0 || index >= bytes.length) {
    throw failure(site, 'out-of-range', `there is no byte ${index}`)
  }
  return replaceByte(bytes, index, byte)
}

function byteOfBit(bytes: Uint8Array, index: BigIntValue, site: number): number {
  const byte = index < 0 ? undefined : bytes[Math.floor(Number(index) / 8)]
  if (byte === undefined) throw failure(site, 'out-of-range', `there is no bit ${index}`)
  return byte
}

function replaceByte(bytes: Uint8Array, index: number, byte: number): Uint8Array {
  const changed = bytes.slice()
  changed[index] = byte
  return changed
}

/** How many bits are 1. */
export function bitCount(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) for (let rest = byte; rest > 0; rest &= rest - 1) count++
  return count
}

export function reverseBytes(bytes: Uint8Array): Uint8Array {
  return bytes.toReversed()
}

/** Without the bytes of a set at its beginning, its end, or both. */
export function trimBytesStart(bytes: Uint8Array, set: Uint8Array): Uint8Array {
  const start = bytes.findIndex(byte => !set.includes(byte))
  return start < 0 ? bytes.subarray(bytes.length) : bytes.subarray(start)
}
export function trimBytesEnd(bytes: Uint8Array, set: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex(byte => !set.includes(byte)) + 1)
}
export function trimBytes(bytes: Uint8Array, set: Uint8Array): Uint8Array {
  return trimBytesEnd(trimBytesStart(bytes, set), set)
}

/** CRC-32 as in zip files, a number from 0 on. */
export function crc32(bytes: Uint8Array): number {
  return crcOf(bytes)
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let i = 0; i < 8; i++) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** CRC-32C (Castagnoli), as in Kafka's records. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = CASTAGNOLI[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
