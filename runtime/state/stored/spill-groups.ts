import type { ByteMap, Group, GroupDefinition, Spill, StateStore } from '../../contract/index.ts'
import type { Windows } from '../keyed-windows.ts'
import { decodeRow } from '../state-codec.ts'
import { IdleTimes } from './idle-times.ts'
import { endOf, keyBytes } from './place.ts'
import { type ItemName, placeOf, StoredWindows } from './stored-windows.ts'

/** What groups in a store are to their state. */
export interface SpilledGroups<G extends Group> {
  unsaved(): number
  /** From now on. `idle`: see GroupState; null: nobody asks. */
  use(windows: Windows<G>, idle: IdleGroups<G> | null): void
  /** When groups were told that are written now; null: before this process began. */
  toldAt(): number | null
}
export type IdleGroups<G> = (elapsed: number, ttl: number) => Iterable<G>

/** Groups in a store: a record each, and one for each value of their sets, behind the group's place. */
export function spillGroups<G extends Group>(
  definition: GroupDefinition<G>,
  { unsaved, use, toldAt }: SpilledGroups<G>
): Spill {
  const { keys, windowOf, keyOf, closesAt } = definition
  let groups!: ByteMap
  let values: ByteMap | null = null
  let times: IdleTimes | null = null
  let windows!: StoredWindows<G>

  const load = (place: Uint8Array): G | null => {
    const row = groups.get(place)
    if (row === undefined) return null
    const group = definition.load(decodeRow(row))
    group.stored = true
    if (values === null) return group
    const sets = definition.sets!(group)
    for (const { value } of values.range(place, endOf(place))) {
      const key = decodeRow(value)
      sets[key[keys] as number]!.restore(key[keys + 1])
    }
    return group
  }

  const nameOf = (record: Uint8Array): ItemName => {
    const saved = decodeRow(record)
    return { window: windowOf(saved), key: keyOf(saved) }
  }
  function* idle(elapsed: number, ttl: number): Generator<G> {
    for (const place of times!.idle(elapsed, ttl)) {
      const { window, key } = nameOf(groups.get(place)!)
      const group = windows.find(window, key)
      // It may have left since the last commit, or have changed.
      if (group !== undefined && group.touched < 0) yield group
    }
  }

  return {
    into(store: StateStore) {
      groups = store.map('groups')
      if (definition.sets !== null) values = store.map('values')
      windows = new StoredWindows(groups, {
        closesAt: window => closesAt(window),
        nameOf,
        load,
        isChanged: group => group.touched >= 0,
        leaves: () => {}
      })
      if (definition.expires) times = new IdleTimes(store)
      use(windows, times === null ? null : idle)
    },
    unsaved,
    put(key, row) {
      const saved = decodeRow(key)
      const window = windowOf(saved)
      const place = placeOf(closesAt(window), window, keyOf(saved))
      if (saved.length === keys) {
        change(groups, place, row)
        if (row === null) times?.drop(place)
        else times?.use(place, toldAt())
      } else {
        const value = Buffer.concat([place, keyBytes(Buffer.from(key).toString('latin1'))])
        change(values!, value, row === null ? null : key)
      }
    },
    settled: () => windows.settled(),
    trim: rows => windows.trim(rows)
  }
}

function change(map: ByteMap, key: Uint8Array, value: Uint8Array | null): void {
  if (value === null) map.remove(key)
  else map.put(key, value)
}
