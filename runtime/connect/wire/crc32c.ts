import { arenaBytes, reserveBytes } from '../../codec/arena.ts'
import { crcStep } from './walk-records.ts'

const SCRATCH_BYTES = 1 << 15
const scratch = reserveBytes(SCRATCH_BYTES)

/** CRC-32C (Castagnoli) of bytes from `start` to `end`, as an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  if (bytes === arenaBytes) return ~crcStep(-1, start, end) >>> 0
  let crc = -1
  for (let pos = start; pos < end; pos += SCRATCH_BYTES) {
    const part = bytes.subarray(pos, Math.min(pos + SCRATCH_BYTES, end))
    arenaBytes.set(part, scratch)
    crc = crcStep(crc, scratch, scratch + part.length)
  }
  return ~crc >>> 0
}
