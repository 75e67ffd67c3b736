import type { CommonTable, QualifiedName } from '../../ast/index.ts'
import {
  ambiguousName,
  notSupportedYet,
  readsItself,
  relationNotFound,
  sinkCannotBeRead
} from '../../diagnostics/bind.ts'
import type { BoundRelation } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type Declaration, showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { bindSource } from '../kafka/bind-source.ts'
import { matchName } from '../names.ts'
import { tableSchema } from '../tables.ts'
import { bindQuery } from './bind-query.ts'
import type { CommonTables } from './with-tables.ts'
import { renameColumns } from './bind-select.ts'

/** What a name in FROM means: a WITH query, else a source, table or view; null after a diagnostic. */
export function bindTableRelation(
  name: QualifiedName,
  tables: CommonTables,
  cx: BindContext
): BoundRelation | null {
  const { parts, span } = name
  if (parts.length > 1) return bindSystemTable(name, cx)
  const wanted = parts[0]!
  const common = matchName(wanted, tables, table => table.name.name)
  if (common.kind === 'Found') {
    const query = bindQuery(common.value.query, readableBy(common.value, tables), cx)
    const schema =
      query === null ? null : renameColumns('the query', query.schema, common.value.columns, cx)
    if (query === null || schema === null) return null
    return { kind: 'Derived', name: wanted.name, query, schema, span }
  }
  const match = cx.catalog.find(wanted)
  if (match.kind === 'Ambiguous') {
    report(
      cx,
      ambiguousName(
        wanted.name,
        match.values.map(value => value.name),
        span
      )
    )
    return null
  }
  if (match.kind === 'None') {
    const readable = cx.catalog.declarations.filter(({ kind }) => kind !== 'Sink')
    const names = [...tables.map(table => table.name.name), ...readable.map(({ name }) => name)]
    report(cx, relationNotFound(wanted.name, span, names, cx.system !== null))
    return null
  }
  return bindDeclaration(match.value, span, cx)
}

/** A WITH query may read the ones before it, not itself. */
export function readableBy(table: CommonTable, tables: CommonTables): CommonTables {
  return tables.filter(other => other !== table)
}

/** `system.x`; null after a diagnostic. */
function bindSystemTable(name: QualifiedName, cx: BindContext): BoundRelation | null {
  const { parts, span } = name
  const [schemaName, table] = parts
  const isSystem = parts.length === 2 && schemaName!.name.toLowerCase() === 'system'
  if (isSystem && cx.system === null) {
    const hint = "Ask the running pipeline: ./pipeline sql 'SELECT ...'."
    report(cx, notSupportedYet('reading a system table in a script', span, hint))
    return null
  }
  const called = table!.name.toLowerCase()
  const schema = isSystem ? cx.system?.get(called) : undefined
  if (schema !== undefined) return { kind: 'SystemScan', name: called, schema, span }
  const known = [...(cx.system?.keys() ?? [])].map(other => `system.${other}`)
  const declared = cx.catalog.declarations.map(declaration => declaration.name)
  report(cx, relationNotFound(showName(name), span, [...known, ...declared], cx.system !== null))
  return null
}

/** A declared source, table or view as something to read. */
export function bindDeclaration(
  declaration: Declaration,
  span: Span,
  cx: BindContext
): BoundRelation | null {
  const { name } = declaration
  cx.read.add(declaration)
  if (declaration.kind === 'Sink') {
    report(cx, sinkCannotBeRead(name, span))
    return null
  }
  if (declaration.kind === 'Source') {
    const source = bindSource(declaration, cx)
    if (source === null) return null
    const { schema, feeds } = source
    if (feeds !== null) return { kind: 'TableScan', table: name, schema, span }
    return { kind: 'SourceScan', source: name, schema, span }
  }
  if (cx.inProgress.has(declaration)) {
    report(cx, readsItself(name, span))
    return null
  }
  cx.inProgress.add(declaration)
  try {
    if (declaration.kind === 'Table') {
      const schema = tableSchema(declaration, cx)
      return schema === null ? null : { kind: 'TableScan', table: name, schema, span }
    }
    const { statement } = declaration
    const query = bindQuery(statement.query, [], cx)
    const schema =
      query === null ? null : renameColumns('the query', query.schema, statement.columns, cx)
    if (query === null || schema === null) return null
    return { kind: 'Derived', name, query, schema, span }
  } finally {
    cx.inProgress.delete(declaration)
  }
}
