import type { PartitionTime, RecordHeader } from '../../contract/index.ts'

/** A record in an in-memory topic. */
export interface MemoryRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly headers: readonly RecordHeader[]
}

export type NewRecord = Pick<MemoryRecord, 'key' | 'value' | 'timestamp'> &
  Partial<Pick<MemoryRecord, 'partition' | 'headers'>>

/** Topics of this process, for tests of SQL semantics: records in the order of their arrival, and what groups committed. */
export interface MemoryTopics {
  append(topic: string, record: NewRecord): void
  /** All records, by arrival. */
  read(topic: string): readonly MemoryRecord[]
  names(): readonly string[]
  /** The offset that a group goes on from; 0 where it has not committed. */
  committed(group: string, topic: string, partition: number): number
  /** `time`: what `time` answers from then on. */
  commit(
    group: string,
    topic: string,
    partition: number,
    next: number,
    time?: PartitionTime | null
  ): void
  /** See SourceConnection. */
  time(group: string, topic: string, partition: number): PartitionTime | null
  /** Deletes all records of a topic. */
  clear(topic: string): void
  /** Forgets what a group has committed. */
  forget(group: string): void
}

export function makeMemoryTopics(): MemoryTopics {
  const topics = new Map<string, MemoryRecord[]>()
  const ends = new Map<string, number>()
  const groups = new Map<string, { readonly next: number; readonly time: PartitionTime | null }>()
  const logOf = (topic: string): MemoryRecord[] => {
    const log = topics.get(topic) ?? []
    topics.set(topic, log)
    return log
  }
  const keyOf = (group: string, topic: string, partition: number): string =>
    JSON.stringify([group, topic, partition])
  return {
    append(topic, { partition = 0, headers = [], ...record }) {
      const end = `${partition} ${topic}`
      const offset = ends.get(end) ?? 0
      ends.set(end, offset + 1)
      logOf(topic).push({ ...record, partition, headers, offset })
    },
    read: logOf,
    names: () => [...topics.keys()],
    committed: (group, topic, partition) => groups.get(keyOf(group, topic, partition))?.next ?? 0,
    time: (group, topic, partition) => groups.get(keyOf(group, topic, partition))?.time ?? null,
    commit: (group, topic, partition, next, time = null) =>
      void groups.set(keyOf(group, topic, partition), { next, time }),
    clear: topic => void topics.delete(topic),
    forget(group) {
      for (const key of [...groups.keys()]) {
        if ((JSON.parse(key) as unknown[])[0] === group) groups.delete(key)
      }
    }
  }
}
