import type { ByteMap, SlicedDefinition, SlicedGroup, Spill } from '../../contract/index.ts'
import type { Slices } from '../keyed-slices.ts'
import { decodeRow } from '../state-codec.ts'
import { StoredSlices } from './stored-slices.ts'

const CLOSED = Buffer.from('closed')

/** What slices in a store are to their state. */
export interface SpilledSlices<G extends SlicedGroup> {
  unsaved(): number
  /** From now on. */
  use(slices: Slices<G>): void
  /** A row of the changelog that says how far windows have been told. */
  reach(row: readonly unknown[]): void
}

/** Groups of slices in a store: a record each, by the end of the slice and the key. */
export function spillSlices<G extends SlicedGroup>(
  definition: SlicedDefinition<G>,
  { unsaved, use, reach }: SpilledSlices<G>
): Spill {
  const { keyOf } = definition
  let facts!: ByteMap
  let slices!: StoredSlices<G>
  return {
    into(store) {
      facts = store.map('facts')
      slices = new StoredSlices(definition, store)
      const closed = facts.get(CLOSED)
      if (closed !== undefined) reach(decodeRow(closed))
      use(slices)
    },
    unsaved,
    put(key, row) {
      const saved = decodeRow(key)
      if (saved.length > 1) return slices.put(saved, keyOf(saved), row)
      facts.put(CLOSED, row!)
      reach(decodeRow(row!))
    },
    settled: () => slices.settled(),
    trim: rows => slices.trim(rows)
  }
}
