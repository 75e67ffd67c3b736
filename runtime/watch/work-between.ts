import type { PlanNode } from '../observe/operators.ts'
import type { ProcessSnapshot, Snapshot, WorkTimes } from '../observe/snapshot.ts'

/** Less of it says nothing, in s: some hundred looks. */
const LEAST = 0.2

/** What a pipeline was at between two snapshots. All are parts of one core, of several processes together: they may come to more. */
export interface Work {
  /** Processes that were looked at. */
  readonly processes: number
  /** By the numbers that the plan has as `work`. */
  readonly operators: ReadonlyMap<number, number>
  readonly parts: readonly {
    readonly part: WorkTimes['parts'][number]['part']
    readonly share: number
  }[]
  /** What else the processes have worked: connections, timers, answers to those who ask. */
  readonly rest: number
  readonly idle: number
  /** Collecting garbage, which goes on in the midst of all that. */
  readonly collecting: number
}

/** Null: nobody wanted to know, or not for long enough. */
export function workBetween(now: Snapshot, before: Snapshot): Work | null {
  const looked = now.processes.flatMap(process => {
    const was = before.processes.find(one => one.process === process.process)
    return was === undefined ? [] : sharesOf(process, was)
  })
  if (looked.length === 0) return null
  const sum = (of: (one: ProcessShares) => number): number =>
    looked.reduce((total, one) => total + of(one), 0)
  const operators = new Map<number, number>()
  for (const one of looked)
    for (const [id, share] of one.operators) operators.set(id, (operators.get(id) ?? 0) + share)
  return {
    processes: looked.length,
    operators,
    parts: looked[0]!.parts.map(({ part }, i) => ({
      part,
      share: sum(one => one.parts[i]!.share)
    })),
    rest: sum(({ rest }) => rest),
    idle: sum(({ idle }) => idle),
    collecting: sum(({ collecting }) => collecting)
  }
}

type ProcessShares = Omit<Work, 'processes'>

function sharesOf({ work: now }: ProcessSnapshot, { work: was }: ProcessSnapshot): ProcessShares[] {
  const seconds = now.seconds - was.seconds
  const looks = now.looks - was.looks
  if (seconds < LEAST || looks === 0) return []
  const operators = now.operators.map(({ id, looks: found }, i) => {
    return [id, (found - (was.operators[i]?.looks ?? 0)) / looks] as const
  })
  const parts = now.parts.map(({ part, looks: found }, i) => {
    return { part, share: (found - (was.parts[i]?.looks ?? 0)) / looks }
  })
  const named = [...operators.map(([, one]) => one), ...parts.map(one => one.share)].reduce(
    (sum, one) => sum + one,
    0
  )
  // Two clocks: neither looks nor the loop know exactly when the other began.
  const busy = Math.min(1, Math.max(named, (now.busySeconds - was.busySeconds) / seconds))
  return [
    {
      operators: new Map(operators),
      parts,
      rest: Math.max(0, busy - named),
      idle: 1 - busy,
      collecting: (now.collectingSeconds - was.collectingSeconds) / seconds
    }
  ]
}

export function sumOfOperators({ operators }: Work): number {
  return [...operators.values()].reduce((sum, share) => sum + share, 0)
}

/** What else goes on, in words. */
export function besideOperators({
  parts,
  rest,
  idle,
  collecting
}: Work): readonly (readonly [title: string, share: number])[] {
  return [
    ...parts.map(({ part, share }) => [partTitles[part], share] as const),
    ['connections, timers and the rest', rest],
    ['idle', idle],
    ['in all that, collecting garbage', collecting]
  ]
}

const partTitles: Readonly<Record<Work['parts'][number]['part'], string>> = {
  reading: 'taking in what was fetched',
  sending: 'packing and sending records',
  committing: 'committing state and offsets',
  statements: 'answering statements'
}

/** What an operator's work takes. */
export interface OperatorWork {
  /** Of one core. */
  readonly share: number
  /** Seconds for each row that came in; null: nobody knows how many did, or none. */
  readonly each: number | null
}

/** Null: nobody looked, or the operator has no work that is known apart from another's. */
export function operatorWork(
  { id, inputs, work: number }: Pick<PlanNode, 'id' | 'inputs' | 'work'>,
  work: Work | null,
  now: Snapshot,
  before: Snapshot
): OperatorWork | null {
  if (work === null || number !== id) return null
  const share = work.operators.get(id) ?? 0
  const rows = rowsInto(id, inputs, now) - rowsInto(id, inputs, before)
  const seconds = (share * (now.now - before.now)) / 1000
  return { share, each: rows > 0 ? seconds / rows : null }
}

/** Rows that came to an operator, or out of one that has no inputs; NaN: nobody counts them. */
function rowsInto(id: number, inputs: readonly number[], { operators }: Snapshot): number {
  return (inputs.length === 0 ? [id] : inputs).reduce(
    (sum, input) => sum + (operators.find(one => one.id === input)?.rows ?? NaN),
    0
  )
}
