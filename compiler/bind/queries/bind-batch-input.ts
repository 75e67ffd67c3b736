import type { Query, Relation, UnnestRelation } from '../../ast/index.ts'
import { notSupportedYet, readsItself } from '../../diagnostics/bind.ts'
import type { BatchInput, BoundRelation } from '../../ir/index.ts'
import type { Declaration } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { matchName } from '../names.ts'
import { queryOver } from './bind-batch-body.ts'
import { bindBatchJoin, cross } from './bind-batch-join.ts'
import { bindBatchQuery } from './bind-batch-query.ts'
import type { CommonTables } from './with-tables.ts'
import { bindTableRelation, readableBy } from './bind-relation.ts'
import { renameColumns } from './bind-select.ts'
import { bindArrayOf } from './bind-unnest.ts'
import type { NamedRelation } from './named-relation.ts'

/** What FROM of a query that is answered once reads, and what its columns are called there. */
export interface BatchFrom {
  readonly input: BatchInput
  readonly parts: readonly NamedRelation[]
}

/** A list of relations is their CROSS JOIN; null after a diagnostic. */
export function bindBatchFrom(
  [first, ...others]: readonly Relation[],
  tables: CommonTables,
  cx: BindContext
): BatchFrom | null {
  let from = first === undefined ? nothing : bindBatchRelation(first, tables, cx)
  for (const other of others) {
    if (from === null) return null
    if (other.kind === 'UnnestRelation') from = unnestBatch(from, other, 'INNER', cx)
    else {
      const right = bindBatchRelation(other, tables, cx)
      from = right === null ? null : cross(from, right)
    }
  }
  return from
}

const nothing: BatchFrom = { input: { kind: 'Nothing', schema: { columns: [] } }, parts: [] }

export function bindBatchRelation(
  relation: Relation,
  tables: CommonTables,
  cx: BindContext
): BatchFrom | null {
  switch (relation.kind) {
    case 'TableRelation':
      return bindNamed(relation, tables, cx)
    case 'DerivedRelation': {
      const { query, alias } = relation
      return derived(query, tables, cx, alias?.name.name ?? null, alias?.columns ?? [])
    }
    case 'JoinRelation':
      return bindBatchJoin(relation, tables, cx)
    case 'UnnestRelation':
      return unnestBatch(nothing, relation, 'INNER', cx)
    case 'WindowRelation':
      report(
        cx,
        notSupportedYet(`${relation.function} in a query that is answered once`, relation.span)
      )
      return null
  }
}

type Named = Extract<Relation, { kind: 'TableRelation' }>

function bindNamed({ name, alias, asOf }: Named, tables: CommonTables, cx: BindContext) {
  if (asOf !== null) {
    report(cx, notSupportedYet(`FOR SYSTEM_TIME AS OF in a query that is answered once`, asOf.span))
    return null
  }
  const [wanted, second] = name.parts
  const called = alias?.name.name ?? name.parts.at(-1)!.name
  const columns = alias?.columns ?? []
  if (second === undefined) {
    const common = matchName(wanted!, tables, table => table.name.name)
    if (common.kind === 'Found') {
      const { query, columns: own } = common.value
      const inner = derived(query, readableBy(common.value, tables), cx, called, own)
      return inner === null ? null : renamed(inner.input, called, columns, inner.parts, cx)
    }
    const view = cx.catalog.find(wanted!)
    if (view.kind === 'Found' && view.value.kind === 'View') {
      const inner = bindView(view.value, cx)
      return inner === null ? null : renamed(inner.input, called, columns, inner.parts, cx)
    }
  }
  const relation = bindTableRelation(name, tables, cx)
  const input = relation === null ? null : inputOf(relation, cx)
  return input === null ? null : renamed(input, called, columns, null, cx)
}

function bindView(view: Extract<Declaration, { kind: 'View' }>, cx: BindContext): BatchFrom | null {
  const { name, statement, span } = view
  if (cx.inProgress.has(view)) {
    report(cx, readsItself(name, span))
    return null
  }
  cx.inProgress.add(view)
  const from = derived(statement.query, [], cx, name, statement.columns)
  cx.inProgress.delete(view)
  return from
}

function derived(
  query: Query,
  tables: CommonTables,
  cx: BindContext,
  name: string | null,
  columns: Parameters<typeof renameColumns>[2]
): BatchFrom | null {
  const bound = bindBatchQuery(query, tables, cx)
  if (bound === null) return null
  return renamed({ kind: 'Query', query: bound, schema: bound.schema }, name, columns, null, cx)
}

/** The input under a name, its columns renamed by `name (a, b)`; `parts` tell what they are called already. */
function renamed(
  input: BatchInput,
  name: string | null,
  columns: Parameters<typeof renameColumns>[2],
  parts: readonly NamedRelation[] | null,
  cx: BindContext
): BatchFrom | null {
  const schema = renameColumns('the table', parts?.[0]?.schema ?? input.schema, columns, cx)
  return schema === null ? null : { input, parts: [{ name, schema, start: 0, hidden: [] }] }
}

function inputOf(relation: BoundRelation, cx: BindContext): BatchInput | null {
  const { schema, span } = relation
  if (relation.kind === 'TableScan') {
    // Its rows are asked for, so they are kept.
    cx.lookedUp.add(relation.table)
    return { kind: 'Table', name: relation.table, schema }
  }
  if (relation.kind === 'SystemScan') return { kind: 'System', name: relation.name, schema }
  report(cx, notSupportedYet(`reading a stream of events in a query that is answered once`, span))
  return null
}

export function unnestBatch(
  { input, parts }: BatchFrom,
  node: UnnestRelation,
  join: 'INNER' | 'LEFT',
  cx: BindContext
): BatchFrom | null {
  const bound = bindArrayOf(parts, input.schema, node, join, cx)
  if (bound === null) return null
  const { unnest, fields, schema } = bound
  const columns = [...input.schema.columns, ...unnest.columns]
  const elements: BatchInput = { kind: 'Unnest', input, unnest, schema: { columns } }
  if (fields === null) return { input: elements, parts: bound.parts }
  const query = { ...queryOver(elements, node.span), items: fields, schema }
  return { input: { kind: 'Query', query, schema }, parts: bound.parts }
}
