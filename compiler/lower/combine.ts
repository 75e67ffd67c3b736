import { mergesInAnyOrder } from '../functions/index.ts'
import {
  type AggregateCall,
  columnsOf,
  type Combiner,
  type Expr,
  type GroupStage,
  invariant,
  makeColumn,
  mapSlices,
  replaceColumns,
  type Step,
  type StepOf
} from '../ir/index.ts'
import { JSON_TYPE, type RowType, showType, type TypeKind } from '../types/index.ts'
import { nameColumns, nameOf } from './sent-columns.ts'
import type { StageNode } from './stage-node.ts'

/** Types whose values are written whatever they are: a DOUBLE may be one that JSON can't say. */
export const alwaysWritten: ReadonlySet<TypeKind> = new Set([
  ...(['Boolean', 'SmallInt', 'Int', 'BigInt', 'Decimal', 'Text', 'Bytes'] as const),
  ...(['Date', 'Time', 'Timestamp', 'TimestampTz'] as const)
])

/**
 * Why rows are sent to the tasks of a stage one by one; null: what the rows of a group come to is sent instead (J. Dean and
 * S. Ghemawat, "MapReduce", 2004, section 4.3). That can't fail: nobody would know of which records it is.
 */
export function whyAlone({ inputs }: StageNode, stage: GroupStage): string | null {
  if (inputs[0]!.traits.changes === 'retract') return 'they may leave again'
  if (stage.session !== null) return 'a session goes by the time of each'
  if (stage.window?.clock === 'processing') return 'their time is when they come'
  const kept = stage.aggregates.find(call => !mergesInAnyOrder(call))
  if (kept !== undefined) return `${showName(kept)} takes each value`
  const key = stage.keys.find(({ type }) => !alwaysWritten.has(type.kind))
  return key === undefined ? null : `a key is ${showType(key.type)}`
}

function showName({ name, distinct }: AggregateCall): string {
  return distinct ? `${name}(DISTINCT)` : name
}

/** What goes through an exchange to a stage, and how. */
export interface Combined {
  readonly schema: RowType
  /** Over that row. */
  readonly partitionKey: readonly number[]
  /** How it gets into the stage. */
  readonly entry: Step
  /** What takes a row where it is sent; null: it is written. */
  readonly step: Step | null
  /** `steps`: what writes. */
  combiner(steps: readonly Step[]): Combiner | null
}

/** `entry`: how a row would get into the stage, over the row that would be sent, whose columns are `exprs`. */
export function combine(
  entry: StepOf<'Aggregate'>,
  exchange: string,
  exprs: readonly Expr[],
  partitionKey: readonly number[]
): Combined {
  const { keys, aggregates, window, slices, span } = entry
  const columnOf = (index: number): Expr => {
    const expr = exprs[index]!
    const { type, nullable } = expr
    return makeColumn(index, { name: nameOf(expr), type, nullable }, expr.span)
  }
  const time = slices === null ? [] : [...slices.array.args, slices.first!]
  const read = columnsOf([...keys, ...time, ...partitionKey.map(columnOf)])
  const at = (index: number): number => read.indexOf(index)
  const sent = read.map(index => exprs[index]!)
  const partial = makeColumn(
    read.length,
    { name: 'partial', type: JSON_TYPE, nullable: false },
    span
  )
  const schema = nameColumns([...sent, partial])
  const moved = (expr: Expr): Expr =>
    replaceColumns(expr, (index, column) =>
      makeColumn(at(index), schema.columns[at(index)]!, column.span)
    )
  const closing = window === null ? null : keys[window.key]!
  invariant(closing === null || closing.kind === 'Column', 'what closes is sent', span)
  return {
    schema,
    partitionKey: partitionKey.map(at),
    entry: Object.freeze({
      ...entry,
      keys: keys.map(moved),
      slices: slices === null ? null : mapSlices(slices, moved),
      aggregates: [],
      combined: partial
    }),
    step: Object.freeze({
      kind: 'Combine',
      exchange,
      keys: read.map(columnOf),
      aggregates,
      window: window && { key: at((closing as { index: number }).index), clock: window.clock },
      slices,
      span
    }),
    combiner: steps =>
      Object.freeze({ name: exchange, keys: nameColumns(sent), aggregates, steps, span })
  }
}
