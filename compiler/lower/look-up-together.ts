import { columnsOf, type Step, type StepKind, type StepOf } from '../ir/index.ts'
import { neededBy } from './prune.ts'

/** Steps that a row goes through by itself. */
const alone: readonly StepKind[] = ['Filter', 'Project', 'Lookup', 'Unnest', 'Write']

/** What a task may do beside: nothing of it changes a table or writes while the task's loop runs. */
const beside: ReadonlySet<StepKind> = new Set([...alone, 'Watermark', 'Aggregate'])

/** What may follow a look-up that waits. */
const behind: ReadonlySet<StepKind> = new Set(alone)

/** What may stand before one: it lets a row through once at most. */
const before: ReadonlySet<StepKind> = new Set(['Watermark', 'Filter', 'Project'])

/**
 * The look-ups by key of a batch's rows are made together, where nothing that the rows do could be told from it: the rows change no table,
 * and each sink gets its rows from one place, in their order. In a table that is larger than the processor's caches each look-up
 * waits for memory: those of many rows wait at the same time.
 */
export function lookUpTogether(steps: readonly Step[]): readonly Step[] {
  const all = stepsBehind(steps)
  if (all.some(({ kind }) => !beside.has(kind))) return steps
  const total = countWrites(all)
  return steps.map(step => rebuild(step, total))
}

function rebuild(step: Step, total: Writes): Step {
  if (!('steps' in step)) return step
  const more = step.kind === 'Lookup' && mayWait(step, total) ? { together: readsOf(step) } : {}
  if (!before.has(step.kind) && !('together' in more)) return step
  const steps = step.steps.map(next => rebuild(next, total))
  return Object.freeze({ ...step, ...more, steps }) as Step
}

function mayWait({ index, steps }: StepOf<'Lookup'>, total: Writes): boolean {
  const all = stepsBehind(steps)
  const own = countWrites(all)
  return (
    index === null &&
    all.every(({ kind }) => behind.has(kind)) &&
    [...own].every(([sink, count]) => total.get(sink) === count)
  )
}

/** The columns of its row that are read once it is found. */
function readsOf({ condition, steps }: StepOf<'Lookup'>): readonly number[] {
  const own = condition === null ? [] : columnsOf([condition])
  return [...new Set([...own, ...neededBy(steps)])]
}

/** How many steps write to each sink. */
type Writes = ReadonlyMap<string, number>

function countWrites(steps: readonly Step[]): Writes {
  const counts = new Map<string, number>()
  for (const step of steps) {
    if (step.kind !== 'Write') continue
    counts.set(step.sink.name, (counts.get(step.sink.name) ?? 0) + 1)
  }
  return counts
}

/** The steps and all that follow them. */
function stepsBehind(steps: readonly Step[]): Step[] {
  return steps.flatMap(step => ('steps' in step ? [step, ...stepsBehind(step.steps)] : [step]))
}
