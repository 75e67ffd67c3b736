import { allocateBytes } from '../../../runtime/codec/index.ts'

/** A record put somewhere in a larger buffer. */
export interface Placed {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

const ROOM = 1 << 20
const arena = allocateBytes(ROOM)

/** In the arena, where the WebAssembly scanner reads; what follows the record is `after`. */
export function inArena(record: Uint8Array, after = '"}], '): Placed {
  const start = arena.start + 3
  arena.bytes.set(record, start)
  arena.bytes.set(new TextEncoder().encode(after), start + record.length)
  return { bytes: arena.bytes, start, end: start + record.length }
}

/** In a buffer of its own, which only the TypeScript twin reads; what follows would complete a cut record. */
export function inBuffer(record: Uint8Array, after = '"}], '): Placed {
  const bytes = new Uint8Array(record.length + 16)
  bytes.set(record, 3)
  bytes.set(new TextEncoder().encode(after), 3 + record.length)
  return { bytes, start: 3, end: 3 + record.length }
}

export const places = { arena: inArena, buffer: inBuffer } as const
