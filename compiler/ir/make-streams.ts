import type { Span } from '../source/index.ts'
import type { Column, RowType } from '../types/index.ts'
import type { BoundSink, BoundSource } from './bound.ts'
import type { BoundTable } from './bound-table.ts'
import { invariant } from './invariant.ts'
import type { Expr } from './scalars.ts'
import type {
  FilterNode,
  LookupJoin,
  LookupKey,
  LookupNode,
  PredictCall,
  PredictNode,
  ProjectNode,
  SinkNode,
  SourceNode,
  StreamNode,
  StreamTraits,
  TableNode,
  UnionNode,
  Unnest,
  UnnestNode
} from './streams.ts'
import { columnsOf } from './walk-scalars.ts'

const append: StreamTraits = Object.freeze({ changes: 'append', key: null, eventTime: null })

/** `reads` are indexes of `source.columns` that come from the record itself; generated columns are a Project above. */
export function makeSource(source: BoundSource, reads: readonly number[]): SourceNode {
  const columns = reads.map(index => {
    const column = source.schema.columns[index]
    invariant(column !== undefined, 'a source reads columns that it has', source.span)
    return column
  })
  const schema = Object.freeze({ columns })
  const { span } = source
  return Object.freeze({ kind: 'Source', inputs: [], schema, traits: append, span, source, reads })
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
  const traits = { ...input.traits, key: projectKey(input.traits.key, exprs), eventTime: null }
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

export function makeUnion(inputs: readonly StreamNode[], schema: RowType, span: Span): UnionNode {
  invariant(inputs.length > 0, 'a union has inputs', span)
  for (const input of inputs) {
    const same = input.schema.columns.length === schema.columns.length
    invariant(same, 'inputs of a union have its columns', span)
  }
  return Object.freeze({ kind: 'Union', inputs, schema, traits: append, span })
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
  const traits: StreamTraits = { changes: 'retract', key, eventTime: null }
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
    traits: append,
    span
  })
}

export function makeUnnest(input: StreamNode, unnest: Unnest, span: Span): UnnestNode {
  invariant(input.traits.changes === 'append', 'arrays of events are unnested', span)
  checkColumns([unnest.array], input.schema, span)
  const schema = Object.freeze({ columns: [...input.schema.columns, ...unnest.columns] })
  return Object.freeze({ kind: 'Unnest', inputs: [input], schema, traits: append, span, unnest })
}

/** The columns of a row that was looked up: the stream's, and the table's where they go on. */
export function lookupSchema(left: RowType, table: RowType, join: LookupJoin): RowType {
  switch (join) {
    case 'SEMI':
    case 'ANTI':
      return left
    case 'INNER':
      return { columns: [...left.columns, ...table.columns] }
    case 'LEFT':
    case 'SINGLE':
      return {
        columns: [...left.columns, ...table.columns.map(one => ({ ...one, nullable: true }))]
      }
  }
}

export function makeSink(input: StreamNode, sink: BoundSink): SinkNode {
  const { schema, traits } = input
  return Object.freeze({ kind: 'Sink', inputs: [input], schema, traits, span: sink.span, sink })
}

function checkColumns(exprs: readonly Expr[], { columns }: RowType, span: Span): void {
  const last = columnsOf(exprs).at(-1)
  invariant(
    last === undefined || last < columns.length,
    'expressions read columns that exist',
    span
  )
}
