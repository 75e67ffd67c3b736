import type { KeyedState, StateChange, TransactionConnection } from '../contract/index.ts'
import type { MemoryGuard } from '../memory/index.ts'
import type { TableState } from '../state/index.ts'
import { migrateBytes } from '../state/migrate-bytes.ts'
import type { LocalStates } from './local-states.ts'
import type { StateIdentities } from './state-identities.ts'
import type { StateSizes } from './state-sizes.ts'

/** So many records of what is restored are read between two looks at what memory is left. */
const LOOKED_BETWEEN = 1000

interface Restored {
  readonly states: readonly KeyedState[]
  readonly identities: StateIdentities
  readonly local: LocalStates
  readonly sizes: StateSizes
  readonly memory: MemoryGuard | null
}

/**
 * States are as they were at the last commit: from the local disk, and from what the changelogs have behind that. `identity`: of what
 * is kept; null: there is nothing yet.
 */
export async function restoreStates(
  { states, identities, local, sizes, memory }: Restored,
  identity: string | null,
  transactions: TransactionConnection
): Promise<void> {
  const look = lookAt(memory)
  // Before the local disk is asked: who may not go on with it leaves it as it is.
  const migrations = new Map(states.map(one => [one, identities.check(one)]))
  const offsets = await local.restore(identity, (state, rows, bytes) => {
    look(rows)
    sizes.countRows(state, rows, bytes)
  })
  for (const [one, migration] of migrations) {
    const start = identities.start(one)
    const isKnown = identities.verdict(one.name) !== null
    const asNow = (change: StateChange): StateChange =>
      change.row === null || migration === null
        ? change
        : { ...change, row: migrateBytes(change.row, migration) }
    await transactions.restore(one.name, Math.max(start, offsets.get(one.name) ?? 0), change => {
      if (!isKnown) throw identities.unknown(one)
      look(1)
      sizes.count(change)
      local.read(one, asNow(change))
    })
    local.readAll(one)
    if (migration === null) identities.remember(one, start)
    else {
      // Rows of nothing else can get other columns.
      rewrite(one as TableState)
      identities.remember(one, (await transactions.ends()).get(one.name) ?? 0)
    }
  }
}

/** To be called before records of what is restored: they may be more than there is memory for. */
function lookAt(memory: MemoryGuard | null): (records: number) => void {
  let unseen = 0
  return records => {
    unseen += records
    if (unseen < LOOKED_BETWEEN) return
    unseen = 0
    if (memory?.isScarce !== true) return
    if (!memory.collect()) throw memory.exhausted()
  }
}

/** From the next commit on the changelog has the rows with the columns that they have now. */
function rewrite(table: TableState): void {
  for (const [key, row] of [...table.entries()]) table.set(key, row)
}
