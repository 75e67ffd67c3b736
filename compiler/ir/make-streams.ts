import type { Span } from '../source/index.ts'
import { BIGINT, type Column, type RowType } from '../types/index.ts'
import type { BoundSink, BoundSource, BoundWatermark } from './bound.ts'
import type { BoundTable } from './bound-table.ts'
import { argumentsOfAggregate } from './aggregate-call.ts'
import { timeOf, timeOfElements } from './event-time.ts'
import { invariant } from './invariant.ts'
import { lookupSchema } from './join-schema.ts'
import type { Expr } from './scalars.ts'
import type {
  AggregateNode,
  FilterNode,
  GroupSlices,
  LookupNode,
  PredictCall,
  PredictNode,
  ProjectNode,
  SinkNode,
  SourceNode,
  StreamNode,
  StreamTraits,
  TableNode,
  Top,
  TopNNode,
  UnionNode,
  UnnestNode,
  WatermarkNode
} from './streams.ts'
import type { LookupKey, LookupJoin } from './join-kind.ts'
import type { TimeColumn } from './time-column.ts'
import type { Unnest } from './unnest.ts'
import { typeAsRead } from './type-as-read.ts'
import { columnsOf } from './walk-scalars.ts'

const append: StreamTraits = Object.freeze({ changes: 'append', key: null, times: [] })

/** `reads` are indexes of `source.columns` that come from the record itself; generated columns are a Project above. */
export function makeSource(source: BoundSource, reads: readonly number[]): SourceNode {
  const columns = reads.map(index => {
    const column = source.schema.columns[index]
    invariant(column !== undefined, 'a source reads columns that it has', source.span)
    return { ...column, type: typeAsRead(source.columns[index]!) }
  })
  const schema = Object.freeze({ columns })
  const { span } = source
  return Object.freeze({ kind: 'Source', inputs: [], schema, traits: append, span, source, reads })
}

/** `watermark.column` is one of the input's. */
export function makeWatermark(
  input: StreamNode,
  source: BoundSource,
  watermark: BoundWatermark
): WatermarkNode {
  const { schema } = input
  const { times } = input.traits
  const { column } = watermark
  const unit = schema.columns[column]!.type.kind === 'BigInt' ? 'epoch' : 'ms'
  // Times are whole milliseconds: a row is in time while the watermark is not beyond it.
  const own = { column, clock: 'event', lag: 1, unit, earliest: true } as const
  const traits: StreamTraits = { ...append, times: [...times, own] }
  const { span } = source
  return Object.freeze({
    kind: 'Watermark',
    inputs: [input],
    schema,
    traits,
    span,
    source,
    watermark
  })
}

export function makeFilter(input: StreamNode, predicate: Expr, span: Span): FilterNode {
  invariant(predicate.type.kind === 'Boolean', 'a filter predicate is boolean', span)
  checkColumns([predicate], input.schema, span)
  const { schema, traits } = input
  return Object.freeze({ kind: 'Filter', inputs: [input], schema, traits, span, predicate })
}

export function makeProject(
  input: StreamNode,
  exprs: readonly Expr[],
  schema: RowType,
  span: Span
): ProjectNode {
  invariant(exprs.length === schema.columns.length, 'one expression per column', span)
  checkColumns(exprs, input.schema, span)
  const { changes, key, times } = input.traits
  const traits: StreamTraits = {
    changes,
    key: projectKey(key, exprs),
    times: exprs.flatMap((expr, column) => {
      const time = timeOf(expr, times)
      return time === null ? [] : [{ ...time, column }]
    })
  }
  return Object.freeze({ kind: 'Project', inputs: [input], schema, traits, span, exprs })
}

/** The key goes on where each of its columns does. */
function projectKey(
  key: readonly number[] | null,
  exprs: readonly Expr[]
): readonly number[] | null {
  if (key === null) return null
  const places = key.map(index =>
    exprs.findIndex(expr => expr.kind === 'Column' && expr.index === index)
  )
  return places.includes(-1) ? null : places
}

/** Rows of all inputs. A column is a time where it is one in each. */
export function makeUnion(inputs: readonly StreamNode[], schema: RowType, span: Span): UnionNode {
  invariant(inputs.length > 0, 'a union has inputs', span)
  for (const input of inputs) {
    const same = input.schema.columns.length === schema.columns.length
    invariant(same, 'inputs of a union have its columns', span)
  }
  const [first, ...others] = inputs.map(({ traits }) => traits.times)
  const times = first!.flatMap(time => {
    const same = others.map(list =>
      list.find(
        ({ column, clock, unit }) =>
          column === time.column && clock === time.clock && unit === time.unit
      )
    )
    if (!same.every(one => one !== undefined)) return []
    const all = [time, ...same]
    const { earliest: _, ...rest } = { ...time, lag: Math.max(...all.map(({ lag }) => lag)) }
    const isEarliest = all.every(one => one.earliest === true && one.lag === time.lag)
    return [isEarliest ? { ...rest, earliest: true as const } : rest]
  })
  const isAppend = inputs.every(input => input.traits.changes === 'append')
  const traits: StreamTraits = { changes: isAppend ? 'append' : 'retract', key: null, times }
  return Object.freeze({ kind: 'Union', inputs, schema, traits, span })
}

export function makePredictNode(
  input: StreamNode,
  calls: readonly PredictCall[],
  answers: readonly Column[],
  span: Span
): PredictNode {
  invariant(calls.length === answers.length, 'one column per call', span)
  const schema = Object.freeze({ columns: [...input.schema.columns, ...answers] })
  const { traits } = input
  return Object.freeze({ kind: 'Predict', inputs: [input], schema, traits, span, calls })
}

export function makeTable(inputs: readonly StreamNode[], table: BoundTable): TableNode {
  const { schema, key, span } = table
  for (const input of inputs) {
    const same = input.schema.columns.length === schema.columns.length
    invariant(same, 'what is inserted into a table has its columns', span)
  }
  const traits: StreamTraits = { changes: 'retract', key, times: [] }
  return Object.freeze({ kind: 'Table', inputs, schema, traits, span, table })
}

export function makeLookup(
  [left, table]: readonly [StreamNode, TableNode],
  join: LookupJoin,
  keys: readonly LookupKey[],
  condition: Expr | null,
  span: Span
): LookupNode {
  invariant(keys.length > 0, 'a lookup has a key', span)
  invariant(left.traits.changes === 'append', 'a lookup is made for events', span)
  for (const key of keys) {
    checkColumns([key.left], left.schema, span)
    checkColumns([key.right], table.schema, span)
  }
  const schema = Object.freeze(lookupSchema(left.schema, table.schema, join))
  const both = { columns: [...left.schema.columns, ...table.schema.columns] }
  if (condition !== null) checkColumns([condition], both, span)
  return Object.freeze({
    kind: 'Lookup',
    inputs: [left, table] as const,
    join,
    keys,
    condition,
    schema,
    traits: { ...append, times: left.traits.times },
    span
  })
}

export function makeUnnest(input: StreamNode, unnest: Unnest, span: Span): UnnestNode {
  checkColumns([unnest.array], input.schema, span)
  const schema = Object.freeze({ columns: [...input.schema.columns, ...unnest.columns] })
  const element = timeOfElements(unnest.array, input.traits.times)
  const own = element === null ? [] : [{ ...element, column: input.schema.columns.length }]
  const { changes, times } = input.traits
  const key = keyOfElements(input, unnest)
  const traits: StreamTraits = { changes, key, times: [...times, ...own] }
  return Object.freeze({ kind: 'Unnest', inputs: [input], schema, traits, span, unnest })
}

/** Of a row that has a key its elements are told apart by their place. */
function keyOfElements({ traits, schema }: StreamNode, { columns }: Unnest): StreamTraits['key'] {
  if (traits.key === null || columns.length < 2) return null
  return [...traits.key, schema.columns.length + 1]
}

/** What an Aggregate is beside its input. */
export type AggregateParts = Pick<
  AggregateNode,
  | 'keys'
  | 'aggregates'
  | 'window'
  | 'session'
  | 'slices'
  | 'ttl'
  | 'emission'
  | 'standing'
  | 'name'
  | 'span'
>

export function makeAggregate(input: StreamNode, parts: AggregateParts): AggregateNode {
  const { keys, aggregates, window, session, slices, emission, span } = parts
  const isClosing = emission === 'close'
  invariant(!isClosing || window !== null, 'what closes has a window', span)
  const read = [...keys, ...aggregates.flatMap(argumentsOfAggregate)]
  checkColumns(slices === null ? read : [...read, slices.array], input.schema, span)
  const traits: StreamTraits = {
    changes: isClosing ? 'append' : 'retract',
    key: keyOfGroups(parts),
    times: isClosing ? timesOfGroups(parts) : []
  }
  const columns = [
    ...keys.map(key => ({ name: keyName(key), type: key.type, nullable: key.nullable })),
    ...aggregates.map(({ name, type, nullable }) => ({ name, type, nullable }))
  ]
  const schema = Object.freeze({ columns })
  const { name, ttl, standing } = parts
  const inputs = [input]
  return Object.freeze({
    kind: 'Aggregate',
    inputs,
    schema,
    traits,
    span,
    keys,
    aggregates,
    window,
    session,
    slices,
    ttl,
    emission,
    standing,
    name
  })
}

/** A session is told from others by its start: its end may still change. */
function keyOfGroups({ keys, session }: AggregateParts): readonly number[] {
  const all = [...keys.keys()]
  if (session === null) return all
  const { start, end, time, identity } = session
  return all.filter(key => key === identity || ![start, end, time].includes(key))
}

/** How far behind the keys of a group the watermark is when it is complete. Where a session begins says nothing of its end. */
function timesOfGroups({ window, session }: AggregateParts): readonly TimeColumn[] {
  if (window === null) return []
  const { key, ...time } = window
  if (session === null) return [{ ...time, column: key }]
  const end = session.end === null ? [] : [{ ...time, column: session.end, lag: time.lag - 1 }]
  const last = session.time === null ? [] : [{ ...time, column: session.time }]
  return [...end, ...last]
}

/** What a TopN is beside its input. */
export type TopNParts = Pick<TopNNode, 'top' | 'window' | 'emission' | 'name' | 'span'>

export function makeTopN(input: StreamNode, parts: TopNParts): TopNNode {
  const { top, window, emission, name, span } = parts
  const isClosing = emission === 'close'
  invariant(!isClosing || window !== null, 'what closes has a window', span)
  const read = [...top.partition, ...top.order.map(({ column }) => column)]
  invariant(Math.max(-1, ...read) < input.schema.columns.length, 'columns are there', span)
  const place = top.place === null ? [] : [{ name: top.place, type: BIGINT, nullable: false }]
  const schema = Object.freeze({ columns: [...input.schema.columns, ...place] })
  const traits: StreamTraits = {
    changes: isClosing ? 'append' : 'retract',
    key: keyOfTop(top, input),
    times: isClosing && window !== null ? [window] : []
  }
  const inputs = [input]
  return Object.freeze({ kind: 'TopN', inputs, schema, traits, span, top, window, emission, name })
}

/** A place has one row, where no two rows share one; else a row has the key that it came with. */
function keyOfTop(
  { rank, partition, from, to, place }: Top,
  { schema, traits }: StreamNode
): readonly number[] | null {
  if (rank !== 'ROW_NUMBER') return traits.key
  if (from === to) return partition
  return place === null ? traits.key : [...partition, schema.columns.length]
}

/** What a key is called in plans and in generated code. */
function keyName(key: Expr): string {
  if (key.kind === 'Column') return key.name
  return key.kind === 'Call' ? key.function : 'key'
}

/** The slices with the time of the row in another place. */
export function mapSlices(slices: GroupSlices, replace: (expr: Expr) => Expr): GroupSlices {
  const { array, first } = slices
  return Object.freeze({
    ...slices,
    array: Object.freeze({ ...array, args: array.args.map(replace) }),
    first: first === null ? null : replace(first)
  })
}

export function makeSink(input: StreamNode, sink: BoundSink): SinkNode {
  const { schema, traits } = input
  return Object.freeze({ kind: 'Sink', inputs: [input], schema, traits, span: sink.span, sink })
}

export function checkColumns(exprs: readonly Expr[], { columns }: RowType, span: Span): void {
  const last = columnsOf(exprs).at(-1)
  invariant(
    last === undefined || last < columns.length,
    'expressions read columns that exist',
    span
  )
}
