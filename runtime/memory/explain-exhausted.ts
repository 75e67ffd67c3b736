import { MemoryExhausted } from '../observe/memory-exhausted.ts'
import type { StateSnapshot } from '../observe/snapshot.ts'
import { MAX_MEMORY } from './max-memory.ts'
import { showMemorySize } from './memory-size.ts'

/** What leaves no room. `isStored`: of its state only the rows in use are in memory. */
export interface Held {
  readonly limit: number
  readonly needed: number
  readonly states: readonly StateSnapshot[]
  readonly isStored: boolean
}

export function explainExhausted({ limit, needed, states, isStored }: Held): MemoryExhausted {
  const rows = states.reduce((sum, one) => sum + one.rows, 0)
  const bytes = states.reduce((sum, one) => sum + (one.bytes ?? 0), 0)
  const isFull = rows > 0 && !isStored
  const state = `${rows.toLocaleString('en')} rows of state, ${showMemorySize(bytes)} as their changelogs have them`
  const held = isFull ? `it holds ${state}` : 'all that was read is written and committed'
  const more = `Give it ${showMemorySize(needed)} or more for what it holds now`
  return new MemoryExhausted(
    `${MAX_MEMORY} ${showMemorySize(limit)} is not enough: ${held}`,
    isFull
      ? `${more}, keep state on the disk with SET state = 'lmdb', or keep less of it, as with SET state_ttl. What was read is committed: the next start goes on from there.`
      : `${more}.`
  )
}
