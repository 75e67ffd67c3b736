import {
  argumentsOfAggregate,
  columnsOf,
  type Expr,
  makeColumn,
  mapAggregate,
  type NodeOf,
  type Over,
  type OverStage,
  replaceColumns,
  type Step
} from '../ir/index.ts'
import type { Origins } from './origins.ts'
import type { PrunedSteps } from './pruned-steps.ts'

/** What decides on order and partition is kept, what window functions read, and what is read of a row behind them. */
export function lowerOver(
  node: NodeOf<'Over'>,
  pruned: PrunedSteps,
  { sourcesOf, clocksOf }: Origins
): OverStage {
  const { name, over, ttl, schema, span } = node
  const input = node.inputs[0]!
  const width = input.schema.columns.length
  const { partition, time, order, calls } = over
  const args = calls.flatMap(({ call }) => argumentsOfAggregate(call))
  const needed = new Set([
    ...[time.column, ...partition, ...order.map(({ column }) => column)],
    ...columnsOf(args),
    ...pruned.columns.filter(index => index < width)
  ])
  const takes = [...needed].sort((a, b) => a - b)
  const at = (index: number): number =>
    index < width ? takes.indexOf(index) : takes.length + index - width
  const kept = { columns: takes.map(index => schema.columns[index]!) }
  return Object.freeze({
    kind: 'Over',
    name,
    tasks: null,
    over: moveOver(over, at),
    ttl,
    emission: 'close',
    retracts: false,
    sources: sourcesOf(node),
    clocks: clocksOf(input, time.clock),
    kept,
    takes,
    schema: { columns: [...kept.columns, ...schema.columns.slice(width)] },
    columns: pruned.columns.map(at),
    steps: pruned.steps,
    span
  })
}

/** Over a row that has each column at another place. */
export function moveOver(
  { partition, time, order, calls }: Over,
  at: (index: number) => number
): Over {
  const moved = (expr: Expr): Expr =>
    replaceColumns(expr, (index, column) =>
      column.kind === 'Column' ? makeColumn(at(index), column, column.span) : column
    )
  return {
    partition: partition.map(at),
    time: { ...time, column: at(time.column) },
    order: order.map(one => ({ ...one, column: at(one.column) })),
    calls: calls.map(one => ({ ...one, call: mapAggregate(one.call, moved) }))
  }
}

export function makeOverStep(
  { over, span }: NodeOf<'Over'>,
  { name, takes, kept }: OverStage
): Step {
  return Object.freeze({ kind: 'Over', stage: name, over, columns: takes, kept, span })
}
