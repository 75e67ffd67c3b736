import { arenaBytes, reserveBytes } from '../../codec/arena.ts'
import { type Crc32c, loadCrc32c } from '../../native/index.ts'
import { crcStep } from './walk-records.ts'

const SCRATCH_BYTES = 1 << 15
const scratch = reserveBytes(SCRATCH_BYTES)

/** By the processor's own instruction; null: there is none, or it is not loaded. */
let byProcessor: Crc32c | null = null

/** To be called once before checksums are wanted; without it they take ten times as long. */
export async function prepareCrc32c(): Promise<void> {
  byProcessor = await loadCrc32c()
}

/** CRC-32C (Castagnoli) of bytes from `start` to `end`, as an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  return byProcessor === null ? crc32cSlowly(bytes, start, end) : byProcessor(bytes, start, end)
}

/** By tables, in WebAssembly. */
export function crc32cSlowly(bytes: Uint8Array, start: number, end: number): number {
  if (bytes === arenaBytes) return ~crcStep(-1, start, end) >>> 0
  let crc = -1
  for (let pos = start; pos < end; pos += SCRATCH_BYTES) {
    const part = bytes.subarray(pos, Math.min(pos + SCRATCH_BYTES, end))
    arenaBytes.set(part, scratch)
    crc = crcStep(crc, scratch, scratch + part.length)
  }
  return ~crc >>> 0
}
