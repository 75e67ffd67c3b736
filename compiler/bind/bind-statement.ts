import type { Insert, Query, Script, Statement } from '../ast/index.ts'
import { createAtRunTime, tableNotFound } from '../diagnostics/bind-tables.ts'
import { notSupportedYet } from '../diagnostics/bind.ts'
import {
  type BatchQuery,
  type BoundChangeQuery,
  type BoundPlainChange,
  type BoundTable,
  makeColumn
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import type { RowType, SqlType } from '../types/index.ts'
import { type BoundAlter, bindAlter } from './bind-alter.ts'
import { bindChange, insertsValues } from './bind-changes.ts'
import { collectCatalog, type TableDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { bindTarget } from './insert-target.ts'
import { queryOver } from './queries/bind-batch-body.ts'
import { bindBatchQuery } from './queries/bind-batch-query.ts'
import { assignAll, tableKey, tableSchema } from './tables.ts'

/** A statement that a running pipeline is asked: bound, or for the pipeline itself to do. */
export type BoundStatement =
  | { readonly kind: 'Query'; readonly query: BatchQuery }
  | { readonly kind: 'Change'; readonly change: BoundPlainChange; readonly table: BoundTable }
  | BoundChangeQuery
  | BoundAlter
  | Extract<Statement, { kind: 'Show' | 'Describe' | 'Drop' }>

/** `declared` holds the CREATE TABLEs of the pipeline's tables; `open`: see BindContext. Null after a diagnostic. */
export function bindStatement(
  statement: Statement,
  declared: Script,
  system: ReadonlyMap<string, RowType>,
  session: Session,
  open: Map<number, SqlType> | null = null
): BoundStatement | null {
  const script: Script = { ...declared, statements: [...declared.statements, statement] }
  const cx: BindContext = {
    session,
    catalog: collectCatalog(script, diagnostic => session.diagnostics.push(diagnostic)),
    sources: new Map(),
    models: [],
    queries: new Map(),
    inProgress: new Set(),
    read: new Set(),
    usedModels: new Set(),
    lookedUp: new Set(),
    system,
    findings: null,
    open,
    unfed: []
  }
  switch (statement.kind) {
    case 'QueryStatement':
      return bindQueryStatement(statement.query, cx)
    case 'Insert':
    case 'Update':
    case 'Delete':
      return bindAskedChange(statement, cx)
    case 'Alter':
      return bindAlter(statement, cx)
    case 'Show':
    case 'Describe':
    case 'Drop':
      return statement
    case 'Set':
    case 'Explain':
    case 'Test':
      report(
        cx,
        notSupportedYet(`${statement.kind.toUpperCase()} on a running pipeline`, statement.span)
      )
      return null
    default:
      report(cx, createAtRunTime(statement.span))
      return null
  }
}

function bindQueryStatement(query: Query, cx: BindContext): BoundStatement | null {
  const bound = bindBatchQuery(query, [], cx)
  return bound === null ? null : { kind: 'Query', query: bound }
}

function bindAskedChange(
  statement: Extract<Statement, { kind: 'Insert' | 'Update' | 'Delete' }>,
  cx: BindContext
): BoundStatement | null {
  if (statement.kind === 'Insert') {
    // An INSERT of a script makes the table that it names; here it must be there.
    const target = cx.catalog.targets.get(statement)!
    if (target.kind !== 'Table' || target.statement === null) {
      const names = cx.catalog.declarations.flatMap(({ name }) =>
        name === target.name ? [] : [name]
      )
      report(cx, tableNotFound(target.name, statement.target.span, names))
      return null
    }
    if (!insertsValues(statement)) return bindInsertedQuery(statement, target, cx)
  }
  const change = bindChange(statement, cx)
  if (change === null || change.kind === 'ChangeQuery') return change
  return { kind: 'Change', change, table: boundTable(change.table, cx) }
}

/** INSERT of what a query gives now. */
function bindInsertedQuery(
  { query, columns, span }: Insert,
  declaration: TableDeclaration,
  cx: BindContext
): BoundStatement | null {
  const target = bindTarget(declaration, cx)
  const bound = bindBatchQuery(query, [], cx)
  if (target === null || bound === null) return null
  const given = bound.schema.columns.map((column, i) => makeColumn(i, column, query.span))
  const items = assignAll({ columns: given, span: query.span }, columns, target, cx)
  if (items === null) return null
  const rows = queryOver({ kind: 'Query', query: bound, schema: bound.schema }, span)
  return {
    kind: 'ChangeQuery',
    verb: 'INSERT',
    table: target.name,
    query: { ...rows, items, schema: target.schema },
    span
  }
}

function boundTable(name: string, cx: BindContext): BoundTable {
  const declaration = cx.catalog.declarations.find(
    (candidate): candidate is TableDeclaration =>
      candidate.kind === 'Table' && candidate.name === name
  )!
  const schema = tableSchema(declaration, cx)!
  const key = tableKey(declaration, cx)
  const { span } = declaration
  const table = {
    name,
    schema,
    stored: true,
    source: null,
    declaration: null,
    written: false,
    span
  }
  return { ...table, key: key?.columns ?? null, nullsInKey: key?.nulls === true }
}
