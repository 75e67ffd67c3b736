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
  /** How many have such a limit each: people give all of them one. */
  readonly processes: number
}

export function explainExhausted(held: Held): MemoryExhausted {
  const { states, isStored, processes } = held
  const [limit, needed] = [held.limit, held.needed].map(bytes => showMemorySize(bytes * processes))
  const each = processes === 1 ? '' : ` for ${processes} processes`
  const it = processes === 1 ? 'it' : 'one of them'
  const rows = states.reduce((sum, one) => sum + one.rows, 0)
  const bytes = states.reduce((sum, one) => sum + (one.bytes ?? 0), 0)
  const isFull = rows > 0 && !isStored
  const state = `${rows.toLocaleString('en')} rows of state, ${showMemorySize(bytes)} as their changelogs have them`
  const holds = isFull ? `${it} holds ${state}` : 'all that was read is written and committed'
  const more = `Give it ${needed} or more for what it holds now`
  return new MemoryExhausted(
    `${MAX_MEMORY} ${limit} is not enough${each}: ${holds}`,
    isFull
      ? `${more}, keep state on the disk with SET state = 'lmdb', or keep less of it, as with SET state_ttl. What was read is committed: the next start goes on from there.`
      : `${more}.`
  )
}
