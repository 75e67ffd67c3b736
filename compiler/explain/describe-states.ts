import {
  type AggregateCall,
  argumentsOfAggregate,
  type BoundColumn,
  type BoundModel,
  type Expr,
  makeColumn,
  replaceColumns,
  type Stage,
  type StateTrace,
  type StateWay,
  type Step,
  type StepOf
} from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { showOrder, showWindowCall } from './describe-over.ts'
import { showExpr } from './show-expr.ts'

/** What a state is made of. */
export interface StateOrigin {
  /** A line per step: while it is the same, the same rows make the same state. It names only what the state depends on. */
  readonly text: string
  /** The models that are asked on the way, each with a hash of its file: no part of the text, see README.md. */
  readonly models: readonly AskedModel[]
}

export interface AskedModel {
  readonly name: string
  readonly hash: string
}

/** Of each state of a pipeline, by its name. */
export function describeStates(traces: readonly StateTrace[]): ReadonlyMap<string, StateOrigin> {
  return new Map(
    traces.map(({ name, stage, ways }) => {
      const own = stage === null ? [] : [describeStage(stage)]
      const text = [...own, ...ways.map(describeWay).sort()].join('\n')
      return [name, { text, models: modelsOf(ways) }] as const
    })
  )
}

function modelsOf(ways: readonly StateWay[]): readonly AskedModel[] {
  const calls = ways
    .flatMap(({ steps }) => steps)
    .flatMap(step => (step.kind === 'Predict' ? step.calls : []))
  const asked = new Map(calls.map(({ model }) => [model.name, model.sha256]))
  return [...asked].sort().map(([name, sha256]) => ({ name, hash: sha256.slice(0, 16) }))
}

/** What a stage does with the rows that come into it, beside what their steps say. */
function describeStage(stage: Stage): string {
  if (stage.kind === 'Aggregate') {
    const { window, session, emission } = stage
    const length = window === null ? [] : [`window of ${window.lag} ms`]
    const gap = session === null ? [] : [`gap of ${session.gap} ms`]
    return ['groups', ...length, ...gap, `told at ${emission}`].join(', ')
  }
  if (stage.kind === 'TopN') {
    const { top, window, emission } = stage
    const length = window === null ? [] : [`window of ${window.lag} ms`]
    return [`places by ${top.rank}`, ...length, `told at ${emission}`].join(', ')
  }
  if (stage.kind === 'Over') return `rows in order, ${stage.over.time.lag} ms late`
  const { join, left, right, condition, asOf } = stage
  const keys = left.keys.map((key, i) => `${showExpr(key)} = ${showExpr(right.keys[i]!)}`)
  const closes = [left, right].map(({ time }) => String(time?.closes ?? Infinity))
  const rest = condition === null ? [] : [showExpr(condition)]
  const last = asOf === null ? '' : ` as of a time${asOf.strict ? ' before' : ''}`
  return `${join} join${last} on ${[...keys, ...rest].join(' and ')}, kept ${closes.join(' and ')} ms`
}

/** Renamed columns and queries inside of queries make no difference: everything is told by the columns at the start. */
function describeWay({ from, steps }: StateWay): string {
  const start =
    from.kind === 'State'
      ? `rows of ${from.name}`
      : `${describeSource(from)}${isFeed(steps) ? '' : ` (${from.columns.map(describeColumn).sort().join(', ')})`}`
  let row: Row = null
  const lines = [start]
  for (const step of steps) {
    const line = describeStep(step, row)
    if (line !== null) lines.push(`  ${line}`)
    row = rowBehind(step, row)
  }
  return lines.join('\n')
}

function describeSource({ source }: Extract<StateWay['from'], { kind: 'Source' }>): string {
  const { name, topic, timestampUnit } = source
  return [
    `source ${name}`,
    ...(topic === name ? [] : [`of topic ${topic}`]),
    ...(timestampUnit === null ? [] : [`with times in ${timestampUnit}`])
  ].join(' ')
}

/** Whether a topic is the table itself: its columns are the table's. */
function isFeed([first]: readonly Step[]): boolean {
  return first?.kind === 'Store' && first.table.source !== null
}

/** The columns of a row, as expressions over those at the start; null: they are those. */
type Row = readonly Expr[] | null

function over(expr: Expr, row: Row): Expr {
  return row === null ? expr : replaceColumns(expr, index => row[index]!)
}

/** What a step adds stands behind the columns that were there. */
function rowBehind(step: Step, row: Row): Row {
  if (step.kind === 'Project') return step.exprs.map(expr => over(expr, row))
  if (row === null || !('schema' in step)) return row
  const { columns } = step.schema
  const added = columns
    .slice(row.length)
    .map((column, i) => makeColumn(row.length + i, column, step.span))
  return [...row, ...added]
}

function describeColumn({ name, type, from, notNull, defaultValue }: BoundColumn): string {
  const place = placeOf(from)
  const words = [name, showType(type)]
  if (place !== name) words.push(`from ${place}`)
  if (notNull) words.push('NOT NULL')
  if (defaultValue !== null) words.push(`DEFAULT ${String(defaultValue.value)}`)
  return words.join(' ')
}

function placeOf(from: BoundColumn['from']): string {
  if (from.kind === 'Field') return from.path.join('.')
  return from.kind === 'Metadata' ? `metadata ${from.what}` : from.kind
}

/** Null: it makes no difference to what is kept. */
function describeStep(step: Step, row: Row): string | null {
  const show = (expr: Expr): string => showExpr(over(expr, row))
  const column = (index: number): string =>
    row === null && 'schema' in step ? step.schema.columns[index]!.name : showExpr(row![index]!)
  switch (step.kind) {
    case 'Watermark':
      return `time ${column(step.watermark.column)} - ${step.watermark.delay} ms`
    case 'Filter':
      return `where ${show(step.predicate)}`
    // Columns of its own, what is sent to a stage, what is written: none changes what is kept.
    case 'Project':
    case 'InTime':
    case 'Combine':
    case 'Write':
      return null
    case 'Predict':
      return step.calls
        .map(({ model, args }) => `${model.name}(${args.map(show).join(', ')})${answerOf(model)}`)
        .join(', ')
    case 'Lookup':
      return describeLookup(step, row)
    case 'Unnest':
      return `${step.unnest.join} elements of ${show(step.unnest.array)}`
    case 'Aggregate':
      return describeCount(step, show)
    case 'Over': {
      const calls = step.over.calls.map(one => showWindowCall(one, show))
      return [showOrder(step.over, nameKept(step, row)), ...calls].join(', ')
    }
    case 'TopN':
      return `places of ${step.columns.map(nameKept(step, row)).join(', ')}`
    case 'Join':
      return `${step.side} side of the join: ${step.columns.map(column).join(', ')}`
    case 'Store':
      return describeStore(step, row)
  }
}

/** Which of its numbers it is. */
function answerOf({ output: { name, index } }: BoundModel): string {
  return `.${name}${index === null ? '' : `[${index}]`}`
}

function describeStore({ table }: StepOf<'Store'>, row: Row): string | null {
  return row && `into ${table.name}: ${row.map(expr => showExpr(expr)).join(', ')}`
}

/** What a column of the row is called that a step keeps. */
function nameKept({ columns, kept }: StepOf<'Over' | 'TopN'>, row: Row): (index: number) => string {
  return index =>
    row === null ? kept.columns[columns.indexOf(index)]!.name : showExpr(row[index]!)
}

function describeLookup(step: StepOf<'Lookup'>, row: Row): string {
  const { join, table } = step
  const keys = step.keys.map(
    ({ left, right }) => `${showExpr(over(left, row))} = ${showExpr(right)}`
  )
  return `${join} lookup in ${table.name} on ${[...keys, ...conditionOf(step, row)].join(' and ')}`
}

function describeCount(step: StepOf<'Aggregate'>, show: (expr: Expr) => string): string {
  const calls = step.aggregates.map(call => {
    const args = argumentsOfAggregate(call).map(show).join(', ')
    return `${call.name}(${call.distinct ? 'DISTINCT ' : ''}${args})${describeDirection(call)}`
  })
  return `group by ${step.keys.map(show).join(', ')}: ${calls.join(', ')}`
}

/** Others keep all values, and order them when they are asked. */
const keepsOneRow: ReadonlySet<string> = new Set(['first_value', 'last_value'])

/** How the rows are ordered of which an aggregate keeps one, where that is not the usual way. */
function describeDirection({ name, orderBy }: AggregateCall): string {
  if (!keepsOneRow.has(name)) return ''
  const words = orderBy.map(({ descending, nullsFirst }, i) => [
    ...(descending ? [`${i + 1} DESC`] : []),
    ...(nullsFirst === descending ? [] : [`${i + 1} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`])
  ])
  const all = words.flat()
  return all.length === 0 ? '' : ` in order ${all.join(', ')}`
}

/** Over the stream's row, and the table's behind it. */
function conditionOf(step: StepOf<'Lookup'>, row: Row): string[] {
  return step.condition === null ? [] : [showExpr(over(step.condition, rowBehind(step, row)))]
}
