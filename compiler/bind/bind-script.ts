import { basename } from 'node:path'
import type { Script, Statement, StatementKind } from '../ast/index.ts'
import {
  notSupportedYet,
  sinkHasInput,
  sinkNotFed,
  targetCannotBeWritten
} from '../diagnostics/bind.ts'
import type {
  BoundInsert,
  BoundModel,
  BoundQuery,
  BoundScript,
  BoundSink,
  BoundSource,
  BoundTable
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import type { RowType } from '../types/index.ts'
import { bindModel } from './bind-model.ts'
import { bindSettings } from './bind-settings.ts'
import {
  collectCatalog,
  type Declaration,
  type SinkDeclaration,
  type TableDeclaration
} from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { bindSink } from './kafka/bind-sink.ts'
import { bindSource } from './kafka/bind-source.ts'
import { matchName } from './names.ts'
import { bindQuery } from './queries/bind-query.ts'
import { bindDeclaration } from './queries/bind-relation.ts'
import { bindInsertQuery, tableSchema } from './tables.ts'
import { bindTests } from './tests/bind-tests.ts'
import { checkTopics } from './check-topics.ts'
import { warnUnused } from './warn-unused.ts'

/** The second phase: every name resolved, every expression typed. Only to be used when there are no errors. */
export function bindScript(script: Script, session: Session): BoundScript {
  const declared: BoundModel[] = []
  const cx: BindContext = {
    session,
    catalog: collectCatalog(script, diagnostic => session.diagnostics.push(diagnostic)),
    sources: new Map(),
    models: declared,
    queries: new Map(),
    inProgress: new Set(),
    read: new Set(),
    usedModels: new Set()
  }
  refuseUnsupported(script, cx)
  const settings = bindSettings(script, cx)
  for (const model of cx.catalog.models) {
    const bound = bindModel(model, cx)
    if (bound !== null) declared.push(bound)
  }
  const inserts = bindInserts(script, cx)
  const sinks = bindSinks(inserts, cx)
  const sources = bindSources(cx)
  const tests = bindTests(script, sinks, cx)
  checkTopics(sources, sinks, cx)
  warnUnused(cx)
  return Object.freeze({
    name: pipelineName(session.file.path),
    path: session.file.path,
    settings,
    sources,
    sinks,
    tables: bindTables(cx),
    models: declared,
    inserts,
    tests
  })
}

/** The script's file name without `.sql`: it names a folder, a file and a client. */
function pipelineName(path: string): string {
  const name = basename(path)
    .replace(/\.sql$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
  return /[A-Za-z0-9]/.test(name) ? name : 'pipeline'
}

/** Statements that parse and do not compile yet, as people call them. */
const later: Partial<Record<StatementKind, string>> = {
  Update: 'UPDATE',
  Delete: 'DELETE',
  QueryStatement: 'a SELECT on its own',
  Show: 'SHOW in a script',
  Describe: 'DESCRIBE in a script',
  Explain: 'EXPLAIN in a script',
  Alter: 'ALTER',
  Drop: 'DROP'
}

function refuseUnsupported({ statements }: Script, cx: BindContext): void {
  for (const statement of statements) {
    const what = later[statement.kind]
    if (what !== undefined) report(cx, notSupportedYet(what, statement.span, hintFor(statement)))
  }
}

function hintFor({ kind }: Statement): string | undefined {
  return kind === 'QueryStatement' ? 'Write INSERT INTO a sink SELECT.' : undefined
}

function bindSources(cx: BindContext): BoundSource[] {
  return cx.catalog.declarations.flatMap(declaration =>
    declaration.kind === 'Source' ? (bindSource(declaration, cx) ?? []) : []
  )
}

function bindTables(cx: BindContext): BoundTable[] {
  return cx.catalog.declarations.flatMap(declaration => {
    if (declaration.kind !== 'Table') return []
    const schema = tableSchema(declaration, cx)
    return schema === null ? [] : [{ name: declaration.name, schema, span: declaration.span }]
  })
}

function bindInserts({ statements }: Script, cx: BindContext): BoundInsert[] {
  const inserts: BoundInsert[] = []
  for (const statement of statements) {
    if (statement.kind === 'CreateTableAs') {
      const table = cx.catalog.declarations.find(({ name }) => name === statement.name.name)
      if (table?.kind !== 'Table' || table.statement !== statement) continue
      inserts.push(...insertInto(table, { ...statement, columns: [] }, cx))
    } else if (statement.kind === 'Insert') {
      const target = cx.catalog.targets.get(statement)!
      if (target.kind === 'Table') inserts.push(...insertInto(target, statement, cx))
      else if (target.kind === 'Sink') inserts.push(...insertIntoSink(target, statement, cx))
      else {
        const kind = target.kind === 'Source' ? 'source' : 'view'
        report(cx, targetCannotBeWritten(kind, target.name, statement.target.span))
      }
    } else if (statement.kind === 'CreateSink' && statement.query !== null) {
      inserts.push(
        ...insertIntoSink(
          sinkOf(statement.name.name, cx),
          { ...statement, query: statement.query, columns: [] },
          cx
        )
      )
    }
  }
  return inserts
}

function sinkOf(name: string, { catalog }: BindContext): SinkDeclaration {
  return catalog.declarations.find(
    (declaration): declaration is SinkDeclaration =>
      declaration.kind === 'Sink' && declaration.name === name
  )!
}

type InsertLike = Parameters<typeof bindInsertQuery>[0]

function insertInto(table: TableDeclaration, insert: InsertLike, cx: BindContext): BoundInsert[] {
  cx.inProgress.add(table)
  const schema = tableSchema(table, cx)
  const isDeclared = table.statement?.kind === 'CreateTable'
  const target = { name: table.name, schema: schema!, isDeclared, span: table.span }
  const query = schema === null ? null : bindInsertQuery(insert, target, cx)
  cx.inProgress.delete(table)
  if (query === null) return []
  return [{ target: { kind: 'Table', name: table.name }, query, span: insert.span }]
}

/** The sink's columns are those of its first INSERT; the others must have the same. */
const sinkSchemas = new WeakMap<SinkDeclaration, RowType>()

function insertIntoSink(sink: SinkDeclaration, insert: InsertLike, cx: BindContext): BoundInsert[] {
  const { statement, name } = sink
  if (statement.table !== null || (statement.query !== null && insert.query !== statement.query)) {
    const from =
      statement.table === null ? 'its own query' : `table "${statement.table.parts.at(-1)!.name}"`
    report(cx, sinkHasInput(name, from, insert.span))
    return []
  }
  const bound = bindQuery(insert.query, [], cx)
  if (bound === null) return []
  const schema = sinkSchemas.get(sink) ?? bound.schema
  sinkSchemas.set(sink, schema)
  const target = { name, schema, isDeclared: false, span: sink.span }
  const query = bindInsertQuery(insert, target, cx)
  return query === null ? [] : [{ target: { kind: 'Sink', name }, query, span: insert.span }]
}

function bindSinks(inserts: BoundInsert[], cx: BindContext): BoundSink[] {
  return cx.catalog.declarations.flatMap(declaration =>
    declaration.kind === 'Sink' ? [bindOneSink(declaration, inserts, cx)] : []
  )
}

function bindOneSink(sink: SinkDeclaration, inserts: BoundInsert[], cx: BindContext): BoundSink {
  const { table } = sink.statement
  if (table !== null) return bindSinkFromTable(sink, inserts, cx)
  const feeding = inserts.find(({ target }) => target.kind === 'Sink' && target.name === sink.name)
  if (feeding === undefined && sink.statement.query === null && !isTarget(sink, cx)) {
    report(cx, sinkNotFed(sink.name, null, sink.span, tableNames(cx)))
  }
  return bindSink(sink, null, feeding?.query.schema ?? null, cx)
}

function isTarget(sink: SinkDeclaration, { catalog }: BindContext): boolean {
  return [...catalog.targets.values()].includes(sink)
}

function bindSinkFromTable(
  sink: SinkDeclaration,
  inserts: BoundInsert[],
  cx: BindContext
): BoundSink {
  const wanted = sink.statement.table!.parts.at(-1)!
  const match = matchName(wanted, cx.catalog.declarations, declaration => declaration.name)
  const from: Declaration | null = match.kind === 'Found' ? match.value : null
  if (from === null || from.kind === 'Sink') {
    report(cx, sinkNotFed(sink.name, wanted.name, wanted.span, tableNames(cx)))
    return bindSink(sink, null, null, cx)
  }
  cx.read.add(from)
  if (from.kind === 'Table') {
    const schema = tableSchema(from, cx)
    const isFilled = from.inserts.length > 0 || from.statement?.kind === 'CreateTableAs'
    return bindSink(sink, isFilled ? from.name : null, isFilled ? schema : null, cx)
  }
  // A source or a view is published as it is.
  const relation = bindDeclaration(from, wanted.span, cx)
  if (relation === null) return bindSink(sink, null, null, cx)
  const query = selectAll(relation)
  inserts.push({ target: { kind: 'Sink', name: sink.name }, query, span: sink.statement.span })
  return bindSink(sink, null, relation.schema, cx)
}

function selectAll(relation: NonNullable<ReturnType<typeof bindDeclaration>>): BoundQuery {
  const { schema, span } = relation
  const items = schema.columns.map((column, index) => ({
    name: column.name,
    expr: { kind: 'Column', index, ...column, span } as const
  }))
  return { kind: 'Select', from: relation, where: null, items, schema, span }
}

function tableNames({ catalog }: BindContext): string[] {
  return catalog.declarations.filter(({ kind }) => kind === 'Table').map(({ name }) => name)
}
