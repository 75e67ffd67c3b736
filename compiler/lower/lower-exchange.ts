import { createHash } from 'node:crypto'
import {
  type BoundColumn,
  type BoundScript,
  type BoundSink,
  type BoundSource,
  type Exchange,
  type Expr,
  type ExprOf,
  makeCase,
  makeColumn,
  makeInterner,
  makeLiteral,
  makeSource,
  mapAggregate,
  mapSlices,
  type SentSlices,
  type SourceTask,
  type Stage,
  type NodeOf,
  type Step,
  type StepOf,
  type StreamNode,
  type TimeColumn
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { BIGINT, type Column, type RowType, showType, SMALLINT } from '../types/index.ts'
import { lowerDecoder } from './lower-decoder.ts'
import { combine } from './combine.ts'
import { enterStage } from './lower-graph.ts'
import { moveOver } from './lower-over.ts'
import { nameColumns, nameOf } from './sent-columns.ts'
import type { StageNode } from './stage-node.ts'

type Side = StepOf<'Join'>['side']

export type SplitStage = Stage & { readonly tasks: number }

/** What the rows of one input of a stage go through. */
export interface ExchangeParts {
  readonly script: BoundScript
  readonly name: string
  readonly node: StageNode
  readonly side: Side
  readonly stage: SplitStage
  /** Over the row of the input: see partitionKeys. */
  readonly keys: readonly Expr[]
  readonly clocks: readonly string[]
  readonly processing: readonly string[]
}

export interface LoweredExchange {
  readonly exchange: Exchange
  /** What the fragment of the stage does with its rows. */
  readonly task: SourceTask
  /** What others do to send it a row of the stage's input. */
  readonly send: Step
}

/** What a stage takes of a row, and computes of it, is all that is sent: what fails does so where the record is. */
export function lowerExchange(parts: ExchangeParts): LoweredExchange {
  const { script, name, node, side, stage, keys, clocks, processing } = parts
  const sent = makeSentRow()
  const { span } = node
  const late = timeOf(node, side, sent.add)
  const entered = moveEntry(enterStage(node, side, stage), sent.add)
  const parted = keys.map(key => sent.add(key).index)
  const added = addedColumn(entered, isVersion(node, side), sent.exprs.length)
  const computed = nameColumns(sent.exprs)
  const row = added === null ? sent.exprs : [...sent.exprs, added]
  const moved = withAdded(entered, added, nameColumns(row))
  const { schema, entry, step, combiner, partitionKey } =
    stage.kind === 'Aggregate' && stage.sentAlone === null
      ? combine(moved as StepOf<'Aggregate'>, name, row, parted)
      : sendAlone(moved, row, parted)
  const input = node.inputs[side === 'left' ? 0 : 1] ?? node.inputs[0]!
  const changes = input.traits.changes === 'retract'
  // Each goes to the task of its own key: a row that changes may leave one and come to another.
  const told = changes ? 'apart' : null
  const { tasks } = stage
  const form = formOf([schema.columns.map(describe), sent.places(), partitionKey, step === null])
  const ends = makeEnds({ script, name, span, schema, form, partitionKey, changes })
  const write = makeWrite(ends.sink, schema, told)
  const exchange: Exchange = Object.freeze({
    ...{ ...ends, changes, combiner: combiner([write]), tasks, clocks, processing }
  })
  const go = step ?? write
  const slices = sentSlices(moved)
  const mark = moved.kind === 'Join' ? moved.mark : null
  // Where time bounds the stage, a row behind the watermark of its partition goes no further, or tells it.
  const steps: Step[] = [
    late === null ? go : Object.freeze({ kind: 'InTime', ...late, slices, mark, steps: [go], span })
  ]
  return {
    exchange,
    task: readExchange(exchange, entry),
    send: Object.freeze({ kind: 'Project', exprs: sent.exprs, schema: computed, steps, span })
  }
}

/** A version that is late is valid from the watermark of its partition on. */
function isVersion(node: StageNode, side: Side): boolean {
  return node.kind === 'Join' && node.asOf?.rows === 'table' && side === 'right'
}

/** The rows of an input of a table on their way to the one task that has it: each is told as it is, by its key. */
export function lowerTableExchange(
  { table, schema, span }: NodeOf<'Table'>,
  changes: boolean,
  script: BoundScript
): Omit<LoweredExchange, 'send'> & { send(input: StreamNode): Step } {
  const name = `${table.name}-changes`
  const ends = makeEnds({
    script,
    name,
    span,
    schema,
    form: null,
    partitionKey: table.key!,
    changes
  })
  const exchange: Exchange = Object.freeze({
    ...{ ...ends, changes, combiner: null, tasks: 1, clocks: [], processing: [] }
  })
  const store: Step = Object.freeze({ kind: 'Store', table, schema, span })
  return {
    exchange,
    task: readExchange(exchange, store),
    send: ({ traits }) =>
      makeWrite(ends.sink, schema, traits.changes === 'retract' ? 'together' : null)
  }
}

interface EndsParts {
  readonly script: BoundScript
  readonly name: string
  readonly span: Span
  /** Of the row that is sent. */
  readonly schema: RowType
  readonly form: string | null
  /** Over that row. */
  readonly partitionKey: readonly number[]
  readonly changes: boolean
}

/** What writes an exchange, and what reads it. */
function makeEnds({
  script,
  name,
  span,
  schema,
  form,
  partitionKey,
  changes
}: EndsParts): Pick<Exchange, 'form' | 'sink' | 'source'> {
  const topic = `${script.name}-${name}-exchange`
  // Its readers stand for the script's first source of events where something fails that has no record.
  const any = script.sources.find(({ feeds }) => feeds === null) ?? script.sources[0]
  const { brokers, properties, onError, onLate } = any!
  const columns = schema.columns.map((column, index) =>
    boundColumn(column, form === null ? column.name : String(index), span)
  )
  const source: BoundSource = {
    name,
    brokers,
    topic,
    groupId: topic,
    autoOffsetReset: 'earliest',
    skipsMissing: false,
    writerSchema: null,
    registry: null,
    format: 'json',
    timestampUnit: null,
    columns: form === null ? columns : [...columns, formColumn(form, span)],
    schema,
    watermark: null,
    feeds: null,
    properties,
    onError,
    onLate,
    span
  }
  const sink: BoundSink = {
    name,
    connector: 'exchange',
    registry: null,
    brokers,
    topic,
    compression: 'snappy',
    format: changes ? 'debezium' : 'json',
    encoding: 'json',
    recordSchema: null,
    keyFormat: null,
    keySchema: null,
    decimalFormat: 'number',
    partitionKey,
    keysNull: true,
    table: null,
    schema,
    form,
    batchSize: 10_000,
    linger: 5,
    properties: [],
    onError,
    span
  }
  return { form, sink, source }
}

function makeWrite(sink: BoundSink, schema: RowType, changes: StepOf<'Write'>['changes']): Step {
  const { span } = sink
  return Object.freeze({ kind: 'Write', sink, changes, schema, span })
}

function readExchange(exchange: Exchange, entry: Step): SourceTask {
  const { source } = exchange
  // Of the form it is enough that it is there.
  const read = source.schema.columns.map((_, index) => index)
  const decoder = lowerDecoder(makeSource(source, read), read, [entry])
  return Object.freeze({ source, decoder, exchange, steps: [entry] })
}

function sendAlone(
  entry: Step,
  exprs: readonly Expr[],
  partitionKey: readonly number[]
): ReturnType<typeof combine> {
  const schema = nameColumns(exprs)
  return { schema, entry, partitionKey, step: null, combiner: () => null }
}

interface SentRow {
  readonly exprs: readonly Expr[]
  /** The column that an expression over the input's row is of the row that is sent. */
  readonly add: (expr: Expr) => { readonly index: number; readonly column: Expr }
  /** What `add` has answered, in its order, which is that in which a stage of this kind takes things: what the columns are to it. */
  places(): readonly number[]
}

function makeSentRow(): SentRow {
  const intern = makeInterner()
  const known = new Map<number, number>()
  const exprs: Expr[] = []
  const places: number[] = []
  return {
    exprs,
    places: () => places,
    add(expr) {
      const id = intern(expr)
      const index = known.get(id) ?? exprs.push(expr) - 1
      known.set(id, index)
      places.push(index)
      return { index, column: makeColumn(index, { ...expr, name: nameOf(expr) }, expr.span) }
    }
  }
}

/** The step that takes the row into the stage, over the row that was sent. */
function moveEntry(step: Step, add: SentRow['add']): Step {
  switch (step.kind) {
    case 'Aggregate':
      return moveCount(step, add)
    case 'TopN': {
      const { columns, at } = moveColumns(step, step.kept, add)
      return Object.freeze({ ...step, columns, window: moveTime(step.window, at) })
    }
    case 'Over': {
      const { columns, at } = moveColumns(step, step.kept, add)
      return Object.freeze({ ...step, columns, over: moveOver(step.over, at) })
    }
    case 'Join': {
      const kept = { columns: step.columns.map(index => step.schema.columns[index]!) }
      const { columns, at } = moveColumns(step, kept, add)
      return Object.freeze({ ...step, columns, time: moveTime(step.time, at) })
    }
    default:
      return step
  }
}

/** Where the columns that a step keeps are in the row that is sent. */
function moveColumns(
  { columns: before, span }: { readonly columns: readonly number[]; readonly span: Expr['span'] },
  kept: RowType,
  add: SentRow['add']
): { readonly columns: readonly number[]; at(index: number): number } {
  const columns = before.map((index, i) => add(makeColumn(index, kept.columns[i]!, span)).index)
  return { columns, at: index => columns[before.indexOf(index)]! }
}

function moveTime<Time extends TimeColumn | null>(time: Time, at: (index: number) => number): Time {
  return time === null ? time : { ...time, column: at(time.column) }
}

/** Constants need not be sent; what FILTER leaves out is not computed. */
function moveCount(step: StepOf<'Aggregate'>, add: SentRow['add']): Step {
  const sent = (expr: Expr): Expr => (expr.kind === 'Literal' ? expr : add(expr).column)
  return Object.freeze({
    ...step,
    keys: step.keys.map(sent),
    slices: step.slices === null ? null : mapSlices(step.slices, sent),
    aggregates: step.aggregates.map(call => {
      const { filter } = call
      const guarded = (expr: Expr): Expr => {
        if (filter === null || expr === filter || expr.kind === 'Column') return sent(expr)
        if (expr.kind === 'Literal') return expr
        const none = makeLiteral(null, expr.type, expr.span)
        return sent(makeCase([{ when: filter, then: expr }], none, expr.type, expr.span))
      }
      return mapAggregate(call, guarded)
    })
  })
}

/**
 * What is sent behind the row: of one that is counted in slices the end of the first window that it is in time for, of a version the
 * watermark of its partition; null: nothing.
 */
function addedColumn(entry: Step, isVersion: boolean, index: number): ExprOf<'Column'> | null {
  const { span } = entry
  if (isVersion) return makeColumn(index, { name: 'mark', type: BIGINT, nullable: true }, span)
  if (entry.kind !== 'Aggregate' || entry.slices === null) return null
  const { type } = entry.slices.array.args[2]!
  return makeColumn(index, { name: 'first_end', type, nullable: false }, span)
}

/** `schema`: of the row that is sent. */
function withAdded(entry: Step, added: ExprOf<'Column'> | null, schema: RowType): Step {
  if (entry.kind === 'Join') return Object.freeze({ ...entry, mark: added?.index ?? null, schema })
  if (entry.kind !== 'Aggregate' || added === null) return entry
  return Object.freeze({ ...entry, slices: { ...entry.slices!, first: added } })
}

function sentSlices(entry: Step): SentSlices | null {
  if (entry.kind !== 'Aggregate' || entry.slices === null) return null
  const { first, ...slices } = entry.slices
  return { ...slices, first: null, from: (first as ExprOf<'Column'>).index }
}

/** The time by which a row is late, over the row that is sent; null: none is. */
function timeOf(
  node: StageNode,
  side: Side,
  add: SentRow['add']
): Omit<StepOf<'InTime'>, 'kind' | 'slices' | 'mark' | 'steps' | 'span'> | null {
  switch (node.kind) {
    case 'Aggregate': {
      const { window, session, keys } = node
      if (window === null) return null
      return { time: add(keys[session?.start ?? window.key]!).column, window, needsTime: true }
    }
    case 'TopN': {
      const { window } = node
      if (window === null) return null
      return { time: add(columnOf(node, 0, window.column)).column, window, needsTime: true }
    }
    case 'Over': {
      const window = node.over.time
      return { time: add(columnOf(node, 0, window.column)).column, window, needsTime: true }
    }
    case 'Join': {
      const window = node.times?.[side] ?? null
      if (window === null) return null
      const column = columnOf(node, side === 'left' ? 0 : 1, window.column)
      return { time: add(column).column, window, needsTime: false }
    }
  }
}

function columnOf({ inputs, span }: StageNode, input: number, index: number): Expr {
  return makeColumn(index, inputs[input]!.schema.columns[index]!, span)
}

function formOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
}

function describe({ type, nullable }: Column): string {
  return `${showType(type)}${nullable ? '' : ' NOT NULL'}`
}

/** A member that only rows of this form have. */
function formColumn(form: string, span: Span): BoundColumn {
  return boundColumn({ name: 'form', type: SMALLINT, nullable: false }, form, span)
}

function boundColumn({ name, type, nullable }: Column, member: string, span: Span): BoundColumn {
  return {
    name,
    type,
    notNull: !nullable,
    from: { kind: 'Field', path: [member] },
    fitted: null,
    defaultValue: null,
    span
  }
}
