import {
  argumentsOfAggregate,
  columnsOf,
  mapAggregate,
  mapSlices,
  type Expr,
  makeColumn,
  type PredictCall,
  replaceColumns,
  type Step,
  type StepOf
} from '../ir/index.ts'
import { moveOver } from './lower-over.ts'
import type { PrunedSteps } from './pruned-steps.ts'

/**
 * Leaves out every column that no result depends on, down to the decoder. This always runs: it decides which columns of a
 * record are checked, so it must not depend on the optimizer.
 */
export function pruneSteps(steps: readonly Step[]): PrunedSteps {
  const columns = neededBy(steps)
  return { columns, steps: rebuild(steps, positions(columns)) }
}

/** The columns of their input row that steps and everything behind them read, ascending. */
export function neededBy(steps: readonly Step[]): number[] {
  return union(steps.map(needs))
}

/** The columns of its input row that a step and everything behind it reads, ascending. */
function needs(step: Step): readonly number[] {
  switch (step.kind) {
    case 'Watermark':
      return union([[step.watermark.column], neededBy(step.steps)])
    case 'Aggregate':
    case 'Combine':
      return columnsOf([...step.keys, ...step.aggregates.flatMap(argumentsOfAggregate)])
    case 'Join':
      return joinReads(step)
    case 'TopN':
    case 'Over':
      return step.columns
    case 'Filter':
      return union([columnsOf([step.predicate]), neededBy(step.steps)])
    case 'InTime':
      return union([
        columnsOf([step.time]),
        neededBy(step.steps).filter(index => index !== addedBy(step))
      ])
    case 'Project':
      return columnsOf(neededBy(step.steps).map(index => step.exprs[index]!))
    case 'Predict': {
      const { kept, calls } = splitPredict(step)
      return union([kept, columnsOf(calls.flatMap(({ call }) => argumentsOf(call)))])
    }
    case 'Lookup':
      return union([lookupReads(step), neededBy(step.steps).filter(index => index < widthOf(step))])
    case 'Unnest':
      return union([columnsOf([step.unnest.array]), keptBeside(step)])
    case 'Store':
    case 'Write':
      return step.schema.columns.map((_, index) => index)
  }
}

function joinReads({ columns, mark }: StepOf<'Join'>): readonly number[] {
  return mark === null ? columns : union([columns, [mark]])
}

/** The column that an InTime adds behind its row; null: none. */
function addedBy({ mark, slices }: StepOf<'InTime'>): number | null {
  return mark ?? slices?.from ?? null
}

/** How many columns of a Lookup's row are the stream's. */
export function widthOf(step: StepOf<'Lookup'>): number {
  const { schema, table } = step
  return schema.columns.length - (addsColumns(step) ? table.schema.columns.length : 0)
}

/** Whether the table's columns go on behind the stream's. */
function addsColumns({ join }: StepOf<'Lookup'>): boolean {
  return join !== 'SEMI' && join !== 'ANTI'
}

/** The stream's columns that a Lookup reads itself. */
function lookupReads(step: StepOf<'Lookup'>): readonly number[] {
  const own = step.condition === null ? [] : [step.condition]
  const read = columnsOf([...step.keys.map(key => key.left), ...own])
  return read.filter(index => index < widthOf(step))
}

/** Which input columns the steps behind a Predict read, and which of its calls (with their column). */
function splitPredict(step: StepOf<'Predict'>): {
  readonly kept: readonly number[]
  readonly calls: readonly { readonly call: PredictCall; readonly index: number }[]
} {
  const width = step.schema.columns.length - step.calls.length
  const needed = neededBy(step.steps)
  return {
    kept: needed.filter(index => index < width),
    calls: needed
      .filter(index => index >= width)
      .map(index => ({ call: step.calls[index - width]!, index }))
  }
}

function argumentsOf({ args, when }: PredictCall): readonly Expr[] {
  return when === null ? args : [...args, when]
}

/** New index of each old column. */
type Positions = ReadonlyMap<number, number>

function rebuild(steps: readonly Step[], at: Positions): readonly Step[] {
  return steps.flatMap(step => rebuildStep(step, at))
}

function rebuildStep(step: Step, at: Positions): readonly Step[] {
  switch (step.kind) {
    case 'Watermark':
      return [rebuildWatermark(step, at)]
    case 'Aggregate':
    case 'Combine':
      return [rebuildAggregate(step, at)]
    case 'Join':
      return [rebuildJoin(step, at)]
    case 'TopN':
      return [rebuildTop(step, at)]
    case 'Over':
      return [rebuildOver(step, at)]
    case 'Filter': {
      const predicate = move(step.predicate, at)
      const schema = { columns: [...at.keys()].map(index => step.schema.columns[index]!) }
      return [Object.freeze({ ...step, predicate, schema, steps: rebuild(step.steps, at) })]
    }
    case 'InTime':
      return [rebuildInTime(step, at)]
    case 'Project': {
      const kept = neededBy(step.steps)
      const exprs = kept.map(index => move(step.exprs[index]!, at))
      const schema = { columns: kept.map(index => step.schema.columns[index]!) }
      return [
        Object.freeze({ ...step, exprs, schema, steps: rebuild(step.steps, positions(kept)) })
      ]
    }
    case 'Predict':
      return rebuildPredict(step, at)
    case 'Lookup':
      return [rebuildLookup(step, at)]
    case 'Unnest':
      return [rebuildUnnest(step, at)]
    case 'Store':
    case 'Write':
      return [step]
  }
}

function rebuildInTime(step: StepOf<'InTime'>, at: Positions): Step {
  const time = move(step.time, at)
  const added = addedBy(step)
  if (added === null) return Object.freeze({ ...step, time, steps: rebuild(step.steps, at) })
  const steps = rebuild(step.steps, new Map(at).set(added, at.size))
  if (step.slices === null) return Object.freeze({ ...step, time, mark: at.size, steps })
  const slices = { ...mapSlices(step.slices, expr => move(expr, at)), from: at.size }
  return Object.freeze({ ...step, time, slices, steps })
}

function rebuildWatermark(step: StepOf<'Watermark'>, at: Positions): Step {
  const columns = [...at.keys()].map(index => step.schema.columns[index]!)
  return Object.freeze({
    ...step,
    watermark: { ...step.watermark, column: at.get(step.watermark.column)! },
    schema: { columns },
    steps: rebuild(step.steps, at)
  })
}

function rebuildAggregate(step: StepOf<'Aggregate' | 'Combine'>, at: Positions): Step {
  const moved = (expr: Expr): Expr => move(expr, at)
  return Object.freeze({
    ...step,
    keys: step.keys.map(moved),
    aggregates: step.aggregates.map(call => mapAggregate(call, moved)),
    slices: step.slices === null ? null : mapSlices(step.slices, moved)
  })
}

function rebuildTop(step: StepOf<'TopN'>, at: Positions): Step {
  const { columns, window } = step
  const moved = (index: number): number => at.get(index)!
  return Object.freeze({
    ...step,
    columns: columns.map(moved),
    window: window === null ? null : { ...window, column: moved(window.column) }
  })
}

function rebuildOver(step: StepOf<'Over'>, at: Positions): Step {
  const moved = (index: number): number => at.get(index)!
  const { over, columns } = step
  return Object.freeze({ ...step, over: moveOver(over, moved), columns: columns.map(moved) })
}

function rebuildJoin(step: StepOf<'Join'>, at: Positions): Step {
  const { columns, time, mark, schema } = step
  return Object.freeze({
    ...step,
    columns: columns.map(index => at.get(index)!),
    time: time === null ? null : { ...time, column: at.get(time.column)! },
    mark: mark === null ? null : at.get(mark)!,
    schema: { columns: [...at.keys()].map(index => schema.columns[index]!) }
  })
}

function rebuildPredict(step: StepOf<'Predict'>, at: Positions): readonly Step[] {
  const { kept, calls } = splitPredict(step)
  // A model whose answer nobody reads does not run.
  if (calls.length === 0) return rebuild(step.steps, at)
  const width = at.size
  const input = [...at.keys()].map(index => step.schema.columns[index]!)
  const behind = new Map(at)
  calls.forEach(({ index }, i) => behind.set(index, width + i))
  return [
    Object.freeze({
      ...step,
      calls: calls.map(({ call }) => moveCall(call, at)),
      keeps: kept.map(index => at.get(index)!),
      schema: { columns: [...input, ...calls.map(({ index }) => step.schema.columns[index]!)] },
      steps: rebuild(step.steps, behind)
    })
  ]
}

/** The table's columns all stay: reading one costs nothing where it is not used. */
function rebuildLookup(step: StepOf<'Lookup'>, at: Positions): Step {
  const width = widthOf(step)
  const found = step.table.schema.columns
  const input = [...at.keys()].map(index => step.schema.columns[index]!)
  const behind = new Map(at)
  found.forEach((_, i) => behind.set(width + i, at.size + i))
  return Object.freeze({
    ...step,
    keys: step.keys.map(key => ({ left: move(key.left, at), right: key.right })),
    condition: step.condition === null ? null : move(step.condition, behind),
    schema: { columns: [...input, ...step.schema.columns.slice(width)] },
    steps: rebuild(step.steps, addsColumns(step) ? behind : at)
  })
}

function rebuildUnnest(step: StepOf<'Unnest'>, at: Positions): Step {
  const { array, columns } = step.unnest
  const width = step.schema.columns.length - columns.length
  const kept = keptBeside(step)
  const behind = new Map(positions(kept))
  columns.forEach((_, i) => behind.set(width + i, kept.length + i))
  return Object.freeze({
    ...step,
    unnest: { ...step.unnest, array: move(array, at) },
    keeps: kept.map(index => at.get(index)!),
    schema: { columns: [...kept.map(index => step.schema.columns[index]!), ...columns] },
    steps: rebuild(step.steps, behind)
  })
}

/** The columns of its input row that are read behind an Unnest. */
function keptBeside({ unnest, schema, steps }: StepOf<'Unnest'>): readonly number[] {
  const width = schema.columns.length - unnest.columns.length
  return neededBy(steps).filter(index => index < width)
}

function moveCall(call: PredictCall, at: Positions): PredictCall {
  const when = call.when === null ? null : move(call.when, at)
  return Object.freeze({ ...call, args: call.args.map(arg => move(arg, at)), when })
}

function move(expr: Expr, at: Positions): Expr {
  return replaceColumns(expr, (index, column) => {
    const position = at.get(index)!
    if (column.kind !== 'Column' || position === index) return column
    return makeColumn(position, column, column.span)
  })
}

function positions(columns: readonly number[]): Positions {
  return new Map(columns.map((index, position) => [index, position]))
}

function union(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b)
}
