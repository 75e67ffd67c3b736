import type { ByteMap, Group, GroupDefinition, Spill, StateStore } from '../../contract/index.ts'
import type { Windows } from '../keyed-windows.ts'
import { decodeRow } from '../state-codec.ts'
import { endOf, keyBytes } from './place.ts'
import { placeOf, StoredWindows } from './stored-windows.ts'

/** Groups in a store: a record each, and one for each value of their sets, behind the group's place. */
export function spillGroups<G extends Group>(
  definition: GroupDefinition<G>,
  unsaved: () => number,
  use: (windows: Windows<G>) => void
): Spill {
  const { keys, windowOf, keyOf, closesAt } = definition
  let groups!: ByteMap
  let values: ByteMap | null = null
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

  return {
    into(store: StateStore) {
      groups = store.map('groups')
      if (definition.sets !== null) values = store.map('values')
      windows = new StoredWindows(groups, {
        closesAt: window => closesAt(window),
        nameOf(record) {
          const saved = decodeRow(record)
          return { window: windowOf(saved), key: keyOf(saved) }
        },
        load,
        isChanged: group => group.touched,
        leaves: () => {}
      })
      use(windows)
    },
    unsaved,
    put(key, row) {
      const saved = decodeRow(key)
      const window = windowOf(saved)
      const place = placeOf(closesAt(window), window, keyOf(saved))
      if (saved.length === keys) change(groups, place, row)
      else {
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
