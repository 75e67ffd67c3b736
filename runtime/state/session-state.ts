import type {
  KeyedState,
  Session,
  SessionDefinition,
  SessionGroup,
  Spill,
  StateChange,
  WrittenSet
} from '../contract/index.ts'
import { type Timed, TimeQueue } from '../time/time-queue.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { GroupChanges, ReadSets } from './group-changes.ts'
import { KeyMap } from './key-map.ts'
import { KeySet } from './key-set.ts'
import { KeptSessions, type SessionLists } from './session-lists.ts'
import { decodeRow } from './state-codec.ts'
import { spillSessions } from './stored/spill-sessions.ts'

interface DueSession<G extends SessionGroup> extends Timed {
  readonly session: Session<G>
}

/**
 * The groups of a GROUP BY of sessions. A row finds its session among those of its partition by halving; two that
 * it closes the gap between become one. Each session is due once, whatever comes into it: when it is looked at it may have grown.
 */
export class SessionState<G extends SessionGroup = SessionGroup> implements KeyedState {
  readonly definition: SessionDefinition<G>
  readonly #changes: GroupChanges<G>
  readonly #readSets: ReadSets
  readonly spill: Spill
  #partitions: SessionLists<G> = new KeptSessions<G>()
  #due = new TimeQueue<DueSession<G>>()
  /** Sessions that have other ends than at the last commit, where changes are told. */
  readonly #moved = new KeySet<Session<G>>()
  /** What was told of groups that are in others now. */
  #gone: NonNullable<G['told']>[] = []
  /** Numbers sessions, and rows in the order of their coming. */
  #next = 1
  #closed = -Infinity
  /** How many more groups there are than in the store; in memory: how many there are. */
  #size = 0
  #storedSize = (): number => 0
  /** What a restart has read so far, by key. */
  #saved = new KeyMap<string, readonly unknown[]>()

  constructor(definition: SessionDefinition<G>) {
    this.definition = definition
    this.#changes = new GroupChanges(definition)
    this.#readSets = new ReadSets(definition.keys)
    this.spill = this.#makeSpill()
  }

  #makeSpill(): Spill {
    return spillSessions(this.definition, {
      unsaved: () => this.#changes.count,
      load: (groups, values) =>
        this.#load(groups, setsOf => {
          const { keys } = this.definition
          for (const key of values) setsOf(key)?.[key[keys] as number]!.restore(key[keys + 1])
        }),
      use: (lists, size) => {
        this.#partitions = lists
        this.#storedSize = size
      },
      raise: number => {
        this.#next = Math.max(this.#next, number + 1)
      },
      settled: () => {
        this.#size = 0
        // The store tells when what it has is due.
        this.#due = new TimeQueue()
      }
    })
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#storedSize() + this.#size
  }

  /** The watermark up to which sessions have been closed. */
  get closed(): number {
    return this.#closed
  }

  get reached(): readonly number[] {
    return [this.closed]
  }

  reach([closed]: readonly number[]): void {
    this.#closed = closed!
  }

  /** The session of a row: the one that it is close to, grown to it, or a new one. */
  enter(partition: unknown, time: number): Session<G> {
    const { gap } = this.definition
    const sessions = this.#partitions.of(partition)
    const after = firstAfter(sessions, time + gap)
    const near = sessions[after - 1]
    if (near === undefined || near.last + gap <= time) {
      return this.#start(sessions, after, partition, time)
    }
    if (time >= near.first && time <= near.last) return near
    const before = sessions[after - 2]
    const isBridge = before !== undefined && before.last + gap > time
    this.#stretch(near, Math.min(near.first, time), Math.max(near.last, time))
    if (!isBridge) return near
    this.#merge(before, near)
    sessions.splice(after - 1, 1)
    return before
  }

  find(session: Session<G>, key: unknown): G | undefined {
    return session.groups.get(key)
  }

  add(key: unknown, group: G): G {
    const session = group.session as Session<G>
    session.groups.set(key, group)
    this.#size++
    return group
  }

  /** To be called before a row of this time is counted. */
  count(group: G, time: number): void {
    this.#changes.touch(group)
    if (time < group.first) group.first = time
    if (time > group.last) group.last = time
    group.arrival = this.#next++
  }

  #start(sessions: Session<G>[], at: number, partition: unknown, time: number): Session<G> {
    const session = this.#make(this.#next++, partition, time, time)
    sessions.splice(at, 0, session)
    this.#watch(session)
    return session
  }

  #make(id: number, partition: unknown, first: number, last: number): Session<G> {
    return { id, partition, first, last, groups: new KeyMap(), isOpen: true }
  }

  #completeAt({ last }: Session<G>): number {
    return last + this.definition.gap + this.definition.lag
  }

  #watch(session: Session<G>): void {
    const at = this.#completeAt(session)
    if (at < Infinity) this.#due.push({ at, number: session.id, session })
  }

  #stretch(session: Session<G>, first: number, last: number): void {
    session.first = first
    session.last = last
    if (this.definition.retell !== null) this.#moved.add(session)
  }

  #merge(into: Session<G>, from: Session<G>): void {
    this.#stretch(into, into.first, from.last)
    from.isOpen = false
    this.#moved.delete(from)
    for (const [key, group] of from.groups) {
      this.#changes.leave(group)
      const known = into.groups.get(key)
      if (known === undefined) this.#move(key, group, into)
      else this.#absorb(known, group)
    }
    from.groups.clear()
  }

  #move(key: unknown, group: G, session: Session<G>): void {
    group.session = session
    session.groups.set(key, group)
    this.#changes.touch(group)
  }

  #absorb(into: G, from: G): void {
    this.#changes.touch(into)
    this.definition.merge(into, from)
    into.first = Math.min(into.first, from.first)
    into.last = Math.max(into.last, from.last)
    into.arrival = Math.max(into.arrival, from.arrival)
    if (from.told !== null) this.#gone.push(from.told)
    this.#size--
  }

  /** What was told of groups that have merged into others since the last call. */
  takeGone(): readonly NonNullable<G['told']>[] {
    const gone = this.#gone
    this.#gone = []
    return gone
  }

  /** The groups whose rows may be others than at the last commit. */
  changed(): Iterable<G> {
    // Where a session has moved, all of its groups are told with its new ends.
    for (const { groups } of this.#moved) {
      for (const group of groups.values()) this.#changes.touch(group)
    }
    this.#moved.clear()
    return this.#changes.changed()
  }

  /** The groups of each session that is complete at this watermark, in the order of their ends; then they are gone. */
  *close(watermark: number): Generator<G> {
    // At Infinity all sources were dropped, and nobody tells time any more.
    if (watermark === Infinity) return
    if (watermark > this.#closed) this.#closed = watermark
    for (const session of this.#takeComplete(watermark)) {
      for (const group of session.groups.values()) {
        yield group
        this.#changes.leave(group)
      }
      this.#end(session)
    }
  }

  #takeComplete(watermark: number): readonly Session<G>[] {
    const complete = new KeySet<Session<G>>()
    const look = (session: Session<G>): void => {
      if (!session.isOpen) return
      if (this.#completeAt(session) > watermark) this.#watch(session)
      else complete.add(session)
    }
    while (this.#due.next <= watermark) look(this.#due.pop().session)
    for (const session of this.#partitions.due(watermark)) look(session)
    return [...complete].sort((a, b) => a.last - b.last || a.id - b.id)
  }

  #end(session: Session<G>): void {
    session.isOpen = false
    this.#moved.delete(session)
    this.#size -= session.groups.size
    const sessions = this.#partitions.of(session.partition)
    sessions.splice(sessions.indexOf(session), 1)
    if (sessions.length === 0) this.#partitions.end(session.partition)
  }

  /** Only rows that never leave are counted into sessions: no statement does. */
  begin(): void {}

  end(): void {}

  /** As `close`, of groups that have been told. */
  free(watermark: number): void {
    for (const group of this.close(watermark)) void group
  }

  takeChanges(limit?: number): StateChange[] {
    return this.#changes.take(limit)
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const sessions of this.#partitions.values()) {
      // A copy: sessions may merge meanwhile, and what moves then is told once more.
      for (const { groups } of [...sessions]) {
        for (const group of groups.values()) yield* this.#changes.encode(group)
      }
    }
  }

  /** Between two records sessions may overlap that are one in the end: they are made when all have been read. */
  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    if (this.definition.sets !== null && this.#readSets.take(keyBytes, rowBytes)) return
    const key = Buffer.from(keyBytes).toString('latin1')
    if (rowBytes === null) this.#saved.delete(key)
    else this.#saved.set(key, decodeRow(rowBytes))
  }

  restored(): void {
    const sessions = this.#load([...this.#saved.values()], setsOf => this.#readSets.restore(setsOf))
    this.#saved = new KeyMap()
    for (const session of sessions) {
      this.#partitions.of(session.partition).push(session)
      this.#size += session.groups.size
      this.#watch(session)
    }
  }

  /** The sessions of saved groups, in the order of time. */
  #load(
    groups: readonly (readonly unknown[])[],
    restoreSets: (setsOf: (keys: readonly unknown[]) => readonly WrittenSet[] | undefined) => void
  ): Session<G>[] {
    const { keys, partitionOf, keyOf, load, sets, retell } = this.definition
    const sessions = new KeyMap<number, Session<G>>()
    for (const saved of groups) {
      const id = saved[0] as number
      const [first, last, arrival] = saved.slice(keys, keys + 3) as [number, number, number]
      const session = sessions.get(id) ?? this.#make(id, partitionOf(saved), first, last)
      sessions.set(id, session)
      session.first = Math.min(session.first, first)
      session.last = Math.max(session.last, last)
      const group = Object.assign(load(session, saved), { stored: true, first, last, arrival })
      session.groups.set(keyOf(saved), group)
      this.#next = Math.max(this.#next, id + 1, arrival + 1)
    }
    restoreSets(key => {
      const group = sessions.get(key[0] as number)?.groups.get(keyOf(key))
      return group === undefined ? undefined : sets!(group)
    })
    const loaded = [...sessions.values()].sort((a, b) => a.first - b.first)
    if (retell !== null)
      for (const one of loaded) for (const group of one.groups.values()) retell(group)
    return loaded
  }
}

/** The index of the first session that begins at this time or after it. */
function firstAfter(sessions: readonly Session[], time: number): number {
  let low = 0
  let high = sessions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sessions[middle]!.first < time) low = middle + 1
    else high = middle
  }
  return low
}
