import type {
  ByteMap,
  Session,
  SessionDefinition,
  SessionGroup,
  Spill
} from '../../contract/index.ts'
import type { SessionLists } from '../session-lists.ts'
import type { Timed } from '../../time/time-queue.ts'
import { decodeRow } from '../state-codec.ts'
import { endOf, keyBytes, orderedNumber } from './place.ts'
import { Recent } from './recent.ts'
import { StoredNumbers } from './stored-numbers.ts'
import { StoredQueue } from './stored-queue.ts'

/** What sessions in a store are to their state. */
export interface SpilledSessions<G extends SessionGroup> {
  /** How many groups have changed that the changelog has not got. */
  unsaved(): number
  /** Makes the sessions of saved groups. `values`: the keys of what is in their sets. */
  load(
    groups: readonly (readonly unknown[])[],
    values: readonly (readonly unknown[])[]
  ): Session<G>[]
  /** From now on. `size`: how many groups there are in the store. */
  use(lists: SessionLists<G>, size: () => number): void
  /** A session, or a row, has this number: those that come have higher ones. */
  raise(number: number): void
  settled(): void
}

const NOTHING = Buffer.alloc(0)

/** A partition that may have a session which is complete at a time. Undefined: there is none any more. */
interface DuePartition extends Timed {
  readonly partition: unknown
}

interface Loaded<G extends SessionGroup> {
  readonly sessions: Session<G>[]
  /** Whether they may be others than in the store. */
  changed: boolean
}

/**
 * Sessions in a store: a record for each group, behind its partition and the number of its session, and one by when the group's last
 * row would complete it. A partition that is asked for is loaded as a whole.
 */
export function spillSessions<G extends SessionGroup>(
  { keys, gap, lag, sets, partitionOf, keyOf }: SessionDefinition<G>,
  sessions: SpilledSessions<G>
): Spill {
  let groups!: ByteMap
  let values: ByteMap | null = null
  let due!: StoredQueue<DuePartition>
  let numbers!: StoredNumbers
  let stored!: StoredSessions<G>

  const placeOf = (saved: readonly unknown[]): Buffer =>
    Buffer.concat([
      ...[keyBytes(partitionOf(saved)), orderedNumber(saved[0] as number)],
      keyBytes(keyOf(saved))
    ])
  const dueAt = (saved: readonly unknown[]): number => (saved[keys + 1] as number) + gap + lag
  const load = (partition: unknown): Session<G>[] => {
    const prefix = keyBytes(partition)
    const rowsOf = (map: ByteMap) =>
      Array.from(map.range(prefix, endOf(prefix)), ({ value }) => decodeRow(value))
    return sessions.load(rowsOf(groups), values === null ? [] : rowsOf(values))
  }
  const putGroup = (place: Buffer, row: Uint8Array | null): void => {
    const before = groups.get(place)
    if (before !== undefined) due.remove(dueAt(decodeRow(before)), place)
    if (row === null) return void groups.remove(place)
    groups.put(place, row)
    const saved = decodeRow(row)
    due.put(dueAt(saved), place, NOTHING)
    const highest = Math.max(saved[0] as number, saved[keys + 2] as number)
    sessions.raise(highest)
    numbers.raise(highest)
  }

  return {
    into(store) {
      groups = store.map('groups')
      if (sets !== null) values = store.map('values')
      numbers = new StoredNumbers(store.map('facts'))
      due = new StoredQueue(store.map('due'), place => {
        const record = groups.get(place)
        const partition = record === undefined ? undefined : partitionOf(decodeRow(record))
        return { at: 0, number: 0, partition }
      })
      stored = new StoredSessions(due, load)
      sessions.use(stored, () => groups.size)
      sessions.raise(numbers.next - 1)
    },
    unsaved: () => sessions.unsaved(),
    put(key, row) {
      const saved = decodeRow(key)
      const place = placeOf(saved)
      if (saved.length === keys) return putGroup(place, row)
      const value = Buffer.concat([place, keyBytes(Buffer.from(key).toString('latin1'))])
      if (row === null) values!.remove(value)
      else values!.put(value, key)
    },
    settled() {
      stored.settled()
      sessions.settled()
    },
    trim: limit => stored.trim(limit)
  }
}

class StoredSessions<G extends SessionGroup> implements SessionLists<G> {
  readonly #due: StoredQueue<DuePartition>
  readonly #load: (partition: unknown) => Session<G>[]
  readonly #partitions = new Recent<unknown, Loaded<G>>()
  #changed: Loaded<G>[] = []

  constructor(due: StoredQueue<DuePartition>, load: (partition: unknown) => Session<G>[]) {
    this.#due = due
    this.#load = load
  }

  of(partition: unknown): Session<G>[] {
    let known = this.#partitions.get(partition)
    if (known === undefined) {
      known = { sessions: this.#load(partition), changed: false }
      this.#partitions.set(partition, known)
    }
    if (!known.changed) {
      known.changed = true
      this.#changed.push(known)
    }
    return known.sessions
  }

  /** The store has it until the next commit: that it has none has to be remembered. */
  end(): void {}

  *due(watermark: number): Generator<Session<G>> {
    for (const { partition } of this.#due.until(watermark)) {
      if (partition !== undefined) yield* this.of(partition)
    }
  }

  *values(): Generator<readonly Session<G>[]> {
    for (const { sessions } of this.#partitions.values()) yield sessions
  }

  settled(): void {
    for (const one of this.#changed) one.changed = false
    this.#changed = []
  }

  trim(limit: number): void {
    this.#partitions.trim(limit, ({ changed }) => changed)
  }
}
