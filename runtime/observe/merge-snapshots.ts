import type { HistogramSnapshot } from './histogram.ts'
import type {
  ErrorSnapshot,
  ModelSnapshot,
  SinkSnapshot,
  Snapshot,
  SourceSnapshot,
  StateSnapshot,
  WorkSnapshot
} from './snapshot.ts'
import type { OperatorSnapshot } from './operators.ts'

/**
 * What several parts do, or several processes, as if one did it: what has the same name is added up. The first of them says what the
 * pipeline is. Costs time in the size of all.
 */
export function mergeSnapshots(parts: readonly Snapshot[]): Snapshot {
  const [first] = parts
  const all = <Item>(items: (part: Snapshot) => readonly Item[]): Item[] => parts.flatMap(items)
  return {
    ...first!,
    isReady: parts.every(({ isReady }) => isReady),
    sources: byKey(
      all(({ sources }) => sources),
      ({ name }) => name,
      addSources
    ),
    sinks: byKey(
      all(({ sinks }) => sinks),
      ({ name }) => name,
      addSinks
    ),
    operators: byKey(
      all(({ operators }) => operators),
      ({ id }) => String(id),
      addOperators
    ),
    states: byKey(
      all(({ states }) => states),
      ({ name }) => name,
      addStates
    ),
    models: byKey(
      all(({ models }) => models),
      ({ name }) => name,
      addModels
    ),
    errors: byKey(
      all(({ errors }) => errors),
      ({ of, side, code, place }) => JSON.stringify([of, side, code, place]),
      addErrors
    ).sort((a, b) => b.time - a.time),
    deadLetters: byKey(
      all(({ deadLetters }) => deadLetters),
      ({ topic }) => topic,
      (one, other) => ({ ...one, records: one.records + other.records })
    ),
    commits: parts.map(({ commits }) => commits).reduce(addWork),
    checkpoints: parts.map(({ checkpoints }) => checkpoints).reduce(addWork),
    returns: sum(parts, ({ returns }) => returns),
    tellingSeconds: sum(parts, ({ tellingSeconds }) => tellingSeconds),
    // Parts of one process say the same.
    memory: byKey(
      all(({ memory }) => memory),
      one => String(one.process),
      one => one
    ),
    processes: byKey(
      all(({ processes }) => processes),
      one => String(one.process),
      one => one
    )
  }
}

function byKey<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  add: (one: Item, other: Item) => Item
): Item[] {
  const merged = new Map<string, Item>()
  for (const item of items) {
    const known = merged.get(keyOf(item))
    merged.set(keyOf(item), known === undefined ? item : add(known, item))
  }
  return [...merged.values()]
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function addSources(one: SourceSnapshot, other: SourceSnapshot): SourceSnapshot {
  return {
    ...one,
    status: worst(one.status, other.status),
    trouble: one.trouble ?? other.trouble,
    records: one.records + other.records,
    bytes: one.bytes + other.bytes,
    rejected: one.rejected + other.rejected,
    missing: one.missing + other.missing,
    late: one.late + other.late,
    lastTimestamp: highest(one.lastTimestamp, other.lastTimestamp),
    lag: one.lag + other.lag,
    watermark: lowest(one.watermark, other.watermark),
    partitions: [...one.partitions, ...other.partitions].sort((a, b) => a.partition - b.partition),
    batches: addHistograms(one.batches, other.batches),
    busySeconds: one.busySeconds + other.busySeconds
  }
}

function addSinks(one: SinkSnapshot, other: SinkSnapshot): SinkSnapshot {
  const records = one.records + other.records
  const ratio = one.compressionRatio * one.records + other.compressionRatio * other.records
  return {
    ...one,
    status: worst(one.status, other.status),
    trouble: one.trouble ?? other.trouble,
    records,
    bytes: one.bytes + other.bytes,
    refused: one.refused + other.refused,
    compressionRatio: records === 0 ? one.compressionRatio : ratio / records,
    batches: addHistograms(one.batches, other.batches),
    busySeconds: one.busySeconds + other.busySeconds,
    latency: addHistograms(one.latency, other.latency)
  }
}

/** A part that does not have it counts none of its rows. */
function addOperators(one: OperatorSnapshot, other: OperatorSnapshot): OperatorSnapshot {
  if (one.rows === null || other.rows === null) return one.rows === null ? other : one
  return { ...one, rows: one.rows + other.rows }
}

/** Copies have the same rows, those of the table that they are of, where it is state too. */
function addStates(one: StateSnapshot, other: StateSnapshot): StateSnapshot {
  if (one.kind !== other.kind) return one.kind === 'copy' ? other : one
  if (one.kind === 'copy') return one.rows > other.rows ? one : other
  const bytes =
    one.bytes === null || other.bytes === null
      ? (one.bytes ?? other.bytes)
      : one.bytes + other.bytes
  return { ...one, rows: one.rows + other.rows, bytes }
}

function addModels(one: ModelSnapshot, other: ModelSnapshot): ModelSnapshot {
  return {
    ...one,
    rows: one.rows + other.rows,
    failures: one.failures + other.failures,
    durations: addHistograms(one.durations, other.durations)
  }
}

function addErrors(one: ErrorSnapshot, other: ErrorSnapshot): ErrorSnapshot {
  const last = one.time >= other.time ? one : other
  return { ...last, count: one.count + other.count }
}

function addWork(one: WorkSnapshot, other: WorkSnapshot): WorkSnapshot {
  return {
    durations: addHistograms(one.durations, other.durations),
    failures: one.failures + other.failures
  }
}

/** Of one kind of work: with the same bounds. */
function addHistograms(one: HistogramSnapshot, other: HistogramSnapshot): HistogramSnapshot {
  return {
    bounds: one.bounds,
    counts: one.counts.map((count, i) => count + other.counts[i]!),
    sum: one.sum + other.sum
  }
}

function worst<Status extends string>(one: Status, other: Status): Status {
  return one === 'running' ? other : one
}

function lowest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.min(one, other)
}

function highest(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.max(one, other)
}
