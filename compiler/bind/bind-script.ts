import { basename } from 'node:path'
import type { Insert, Script } from '../ast/index.ts'
import { sinkHasInput, targetCannotBeWritten } from '../diagnostics/bind.ts'
import type {
  BoundChange,
  BoundInsert,
  BoundModel,
  BoundQuery,
  BoundScript,
  BoundSource,
  BoundTable
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import { bindChanges, insertsRows } from './bind-changes.ts'
import { bindModel } from './bind-model.ts'
import { bindSettings } from './bind-settings.ts'
import { collectCatalog, type SinkDeclaration, type TableDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { bindPrinted } from './bind-printed.ts'
import { bindSinks } from './bind-sinks.ts'
import type { Findings } from './findings.ts'
import { bindSource } from './kafka/bind-source.ts'
import { bindQuery } from './queries/bind-query.ts'
import { bindDeclaration } from './queries/bind-relation.ts'
import { bindTarget } from './insert-target.ts'
import { bindInsertQuery, nameColumns, tableKey, tableSchema } from './tables.ts'
import { settleDeclarations } from './settle-declarations.ts'
import { bindTests, checkTestedTables } from './tests/bind-tests.ts'
import { checkDelivery } from './check-delivery.ts'
import { checkGroups, checkTopics } from './check-topics.ts'
import { warnUnused } from './warn-unused.ts'

/**
 * The second phase: every name resolved, every expression typed. Only to be used when there are no errors; an editor takes
 * what is right of a script that has some, and `findings` tell it where.
 */
export function bindScript(
  written: Script,
  session: Session,
  findings: Findings | null = null
): BoundScript {
  const script = settleDeclarations(written, diagnostic => session.diagnostics.push(diagnostic))
  const declared: BoundModel[] = []
  const cx: BindContext = {
    session,
    catalog: collectCatalog(script, diagnostic => session.diagnostics.push(diagnostic)),
    sources: new Map(),
    models: declared,
    queries: findings?.queries ?? new Map(),
    findings,
    inProgress: new Set(),
    read: new Set(),
    usedModels: new Set(),
    lookedUp: new Set(),
    system: null,
    open: null,
    unfed: []
  }
  const settings = bindSettings(script, cx)
  for (const model of cx.catalog.models) {
    const bound = bindModel(model, cx)
    if (bound !== null) declared.push(bound)
  }
  const inserts = bindInserts(script, cx)
  const changes = bindChanges(script, cx)
  const sinks = [...bindSinks(inserts, cx), ...bindPrinted(script, inserts, cx)]
  const sources = bindSources(cx)
  const tests = bindTests(script, sinks, cx)
  const tables = bindTables(sources, changes, cx)
  checkTestedTables(tests, tables, cx)
  checkTopics(sources, sinks, cx)
  checkGroups(cx)
  checkDelivery(settings, sinks, cx)
  bindUnreadViews(cx)
  warnUnused(cx)
  return Object.freeze({
    name: pipelineName(session.file.path),
    path: session.file.path,
    settings,
    sources,
    sinks,
    tables,
    views: cx.catalog.declarations.flatMap(one =>
      one.kind === 'View' ? [one.statement.span] : []
    ),
    models: declared,
    inserts,
    changes,
    asked: [],
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

function bindSources(cx: BindContext): BoundSource[] {
  return cx.catalog.declarations.flatMap(declaration =>
    declaration.kind === 'Source' ? (bindSource(declaration, cx) ?? []) : []
  )
}

/** A wrong query is wrong in a view that nobody reads, too; what it reads does not count as read. */
function bindUnreadViews(cx: BindContext): void {
  const apart = { ...cx, read: new Set(cx.read), usedModels: new Set(cx.usedModels) }
  for (const declaration of cx.catalog.declarations) {
    if (declaration.kind === 'View') bindDeclaration(declaration, declaration.span, apart)
  }
}

function bindTables(
  sources: readonly BoundSource[],
  changes: readonly BoundChange[],
  cx: BindContext
): BoundTable[] {
  const tables = cx.catalog.declarations.flatMap(declaration => {
    if (declaration.kind !== 'Table') return []
    const schema = tableSchema(declaration, cx)
    if (schema === null) return []
    const { name, span } = declaration
    const key = tableKey(declaration, cx)
    const stored =
      key !== null || cx.lookedUp.has(name) || changes.some(change => change.table === name)
    const { statement } = declaration
    const created = statement?.kind === 'CreateTable' ? statement.span : null
    const table = { name, schema, stored, source: null, declaration: created, written: false, span }
    return [{ ...table, key: key?.columns ?? null, nullsInKey: key?.nulls === true }]
  })
  return [...tables, ...sources.flatMap(tableOfSource)]
}

/** A source whose topic is a table. */
function tableOfSource({ name, schema, feeds, span }: BoundSource): BoundTable[] {
  if (feeds === null) return []
  const { key, nullsInKey } = feeds
  const table = { name, schema, key, nullsInKey, stored: true, source: name, declaration: null }
  return [{ ...table, written: false, span }]
}

function bindInserts({ statements }: Script, cx: BindContext): BoundInsert[] {
  const inserts: BoundInsert[] = []
  for (const statement of statements) {
    if (statement.kind === 'CreateTableAs') {
      const table = cx.catalog.declarations.find(({ name }) => name === statement.name.name)
      if (table?.kind !== 'Table' || table.statement !== statement || insertsRows(statement))
        continue
      inserts.push(...insertInto(table, { ...statement, columns: [] }, cx))
    } else if (statement.kind === 'Insert') {
      const target = cx.catalog.targets.get(statement)!
      if (target.kind === 'Table') {
        if (!insertsRows(statement)) inserts.push(...insertInto(target, statement, cx))
      } else if (target.kind === 'Sink') inserts.push(...insertIntoSink(target, statement, cx))
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

type InsertLike = Pick<Insert, 'query' | 'columns' | 'span'>

function insertInto(table: TableDeclaration, insert: InsertLike, cx: BindContext): BoundInsert[] {
  cx.inProgress.add(table)
  const target = bindTarget(table, cx)
  const query = target === null ? null : bindInsertQuery(insert, target, cx)
  cx.inProgress.delete(table)
  if (query === null) return []
  return [{ target: { kind: 'Table', name: table.name }, query, span: insert.span }]
}

/** The sink's columns are those of its first INSERT; the others must have the same. */
const sinkColumns = new WeakMap<SinkDeclaration, Pick<BoundQuery, 'schema' | 'span'>>()

function insertIntoSink(sink: SinkDeclaration, insert: InsertLike, cx: BindContext): BoundInsert[] {
  const { statement, name } = sink
  if (statement.table !== null || (statement.query !== null && insert.query !== statement.query)) {
    const from =
      statement.table === null ? 'its own query' : `table "${statement.table.parts.at(-1)!.name}"`
    report(cx, sinkHasInput(name, from, insert.query.span))
    return []
  }
  const bound = bindQuery(insert.query, [], cx)
  if (bound === null) return []
  const own = nameColumns(bound, insert.columns, cx)
  if (own === null) return []
  const first = sinkColumns.get(sink) ?? { schema: own, span: bound.span }
  sinkColumns.set(sink, first)
  const none = { isDeclared: false, defaultOf: () => null, limitOf: () => null }
  const target = { kind: 'sink', name, ...first, ...none } as const
  const query = bindInsertQuery(insert, target, cx)
  return query === null ? [] : [{ target: { kind: 'Sink', name }, query, span: insert.span }]
}
