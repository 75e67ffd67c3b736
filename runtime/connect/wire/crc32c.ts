import { arenaBytes } from '../../codec/arena.ts'
import { arenaCrc32c } from './walk-records.ts'

/** CRC-32C (Castagnoli) of bytes from `start` to `end`, as an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  if (bytes === arenaBytes) return arenaCrc32c(start, end)
  let crc = -1
  for (let i = start; i < end; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!
  return ~crc >>> 0
}

const REVERSED_POLYNOMIAL = 0x82f63b78
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? REVERSED_POLYNOMIAL : 0)
  return crc
})
