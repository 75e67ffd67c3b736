import { Memory } from './web-assembly.ts'

/**
 * The buffer for batches: the memory of the WebAssembly scanner, so that decoders read records where they lie. It never
 * grows, since growing would detach every view; the pages that nobody touches cost address space, not memory. It is shared with
 * nobody: but V8 takes 64 MB that are not for a reason to collect garbage at once, and memory that may be shared for none.
 */
const PAGE = 1 << 16
const ARENA_BYTES = 128 << 20
/** The cursor and the key tables; more is taken in blocks of this size. */
const RESERVED_BYTES = 1 << 20
/** Zeros that stop the scanner, which looks ahead. */
const SLACK_BYTES = 1 << 12

export const memory = new Memory({
  initial: ARENA_BYTES / PAGE,
  maximum: ARENA_BYTES / PAGE,
  shared: true
})

/** All of the arena. A decoder whose `bytes` is this very view uses the scanner. */
export const arenaBytes = new Uint8Array(memory.buffer)

let reserved = 64
let reservedEnd = RESERVED_BYTES

/** Room for `size` bytes that live as long as the process, zero and aligned for any number. Answers the address. */
export function reserveBytes(size: number): number {
  const needed = (size + 31) & ~15
  if (reserved + needed > reservedEnd) {
    const { bytes, start, end } = allocateBytes(Math.max(needed, RESERVED_BYTES))
    if (bytes !== arenaBytes) throw new Error('the columns of the sources have too many keys')
    // A batch may have been here before, and the scanner would take what it left for the layout of records.
    arenaBytes.fill(0, start, end)
    reserved = start
    reservedEnd = end
  }
  const address = reserved
  reserved += needed
  return address
}

/** Whether `reserveBytes` has room for so many. */
export function arenaHasRoom(size: number): boolean {
  if (reserved + ((size + 31) & ~15) <= reservedEnd) return true
  return free.some(({ start, end }) => end - start >= Math.max(size + 64, RESERVED_BYTES))
}

/** Room for a batch: [start, end) of `bytes` is the holder's until `releaseBytes`. */
export interface ByteRegion {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** The free parts of the arena, by address, never adjacent. */
const free: { start: number; end: number }[] = [
  { start: RESERVED_BYTES, end: ARENA_BYTES - SLACK_BYTES }
]

/** Room in the arena, or a buffer of its own when the arena is full: then decoders take the slower way. Not for every record. */
export function allocateBytes(size: number): ByteRegion {
  const length = (size + 63) & ~63
  const at = free.findIndex(part => part.end - part.start >= length)
  const part = free[at]
  if (part === undefined) return { bytes: new Uint8Array(size), start: 0, end: size }
  const start = part.start
  part.start += length
  if (part.start === part.end) free.splice(at, 1)
  return { bytes: arenaBytes, start, end: start + length }
}

/** Gives the room back. Nobody may read the region's bytes afterwards. */
export function releaseBytes(region: ByteRegion): void {
  if (region.bytes !== arenaBytes) return
  let at = free.findIndex(part => part.start > region.start)
  if (at === -1) at = free.length
  free.splice(at, 0, { start: region.start, end: region.end })
  join(at)
  if (at > 0) join(at - 1)
}

function join(at: number): void {
  const part = free[at]
  const after = free[at + 1]
  if (part === undefined || after === undefined || part.end !== after.start) return
  part.end = after.end
  free.splice(at + 1, 1)
}
