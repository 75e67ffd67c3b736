import type {
  ConfigClauseContext,
  CreateModelContext,
  CreateSinkContext,
  CreateSourceContext,
  CreateTableContext,
  CreateViewContext,
  IfNotExistsContext,
  OnClauseContext,
  ParserRuleContext,
  PlainStatementContext
} from '#grammar'
import type {
  ClauseProperties,
  CreateModel,
  CreateSink,
  CreateSource,
  CreateView,
  Property,
  Statement
} from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import { type Builder, spanOf, terminalSpan } from './builder.ts'
import { buildColumnList, buildIdentifier, buildProperties, buildQualifiedName } from './names.ts'
import { buildQuery, onlyClause } from './queries.ts'
import { buildSchema, buildTableElement } from './schema.ts'
import { unquote } from './strings.ts'

export function buildCreate(cx: Builder, tree: PlainStatementContext): Statement {
  const source = tree.createSource()
  if (source !== null) return buildSource(cx, tree, source)
  const sink = tree.createSink()
  if (sink !== null) return buildSink(cx, tree, sink)
  const table = tree.createTable()
  if (table !== null) return buildTable(cx, tree, table)
  const view = tree.createView()
  return view === null ? buildModel(cx, tree, tree.createModel()!) : buildView(cx, tree, view)
}

interface Named {
  identifier(): Parameters<typeof buildIdentifier>[1]
  ifNotExists(): IfNotExistsContext | null
}

/** What every CREATE statement has. */
function header(cx: Builder, tree: PlainStatementContext, named: Named) {
  return {
    span: spanOf(cx, tree),
    name: buildIdentifier(cx, named.identifier()),
    ifNotExists: named.ifNotExists() !== null
  }
}

function connected(
  cx: Builder,
  tree: PlainStatementContext,
  create: CreateSourceContext | CreateSinkContext
) {
  return {
    span: spanOf(cx, tree),
    name: buildIdentifier(cx, create.identifier(0)!),
    ifNotExists: create.ifNotExists() !== null,
    connector: buildIdentifier(cx, create.identifier(1)!),
    parameters: buildProperties(cx, create.propertyList())
  }
}

function buildSource(
  cx: Builder,
  tree: PlainStatementContext,
  source: CreateSourceContext
): CreateSource {
  const clauses = source.sourceClause()
  const schema = onlyClause(cx, 'SCHEMA', given(clauses.map(clause => clause.schemaClause())))
  const on = given(clauses.map(clause => clause.onClause()))
  return Object.freeze({
    kind: 'CreateSource',
    ...connected(cx, tree, source),
    schema: schema === null ? null : buildSchema(cx, schema),
    config: buildConfig(cx, given(clauses.map(clause => clause.configClause()))),
    onError: buildOn(cx, 'ERROR', on),
    onLate: buildOn(cx, 'LATE', on)
  })
}

function buildSink(cx: Builder, tree: PlainStatementContext, sink: CreateSinkContext): CreateSink {
  const clauses = sink.sinkClause()
  const table = sink.qualifiedName()
  const query = sink.query()
  const on = given(clauses.map(clause => clause.onClause()))
  const late = on.find(clause => clause.KW_LATE() !== null)
  if (late !== undefined) {
    const span = terminalSpan(cx, late.KW_LATE()!)
    cx.diagnostics.push(
      syntaxError('ERROR', 'LATE', 'Late rows are the business of sources.', span)
    )
  }
  return Object.freeze({
    kind: 'CreateSink',
    ...connected(cx, tree, sink),
    config: buildConfig(cx, given(clauses.map(clause => clause.configClause()))),
    onError: buildOn(cx, 'ERROR', on),
    table: table === null ? null : buildQualifiedName(cx, table),
    query: query === null ? null : buildQuery(cx, query)
  })
}

function buildTable(
  cx: Builder,
  tree: PlainStatementContext,
  table: CreateTableContext
): Statement {
  const query = table.query()
  const shared = header(cx, tree, table)
  if (query !== null) {
    return Object.freeze({ kind: 'CreateTableAs', ...shared, query: buildQuery(cx, query) })
  }
  const elements = table.tableElement().map(element => buildTableElement(cx, element))
  return Object.freeze({
    kind: 'CreateTable',
    ...shared,
    elements: elements.filter(element => element !== null)
  })
}

function buildView(cx: Builder, tree: PlainStatementContext, view: CreateViewContext): CreateView {
  return Object.freeze({
    kind: 'CreateView',
    ...header(cx, tree, view),
    columns: buildColumnList(cx, view.columnList()),
    query: buildQuery(cx, view.query())
  })
}

function buildModel(
  cx: Builder,
  tree: PlainStatementContext,
  model: CreateModelContext
): CreateModel {
  const path = model.STRING()
  const parameters = model.propertyList()
  return Object.freeze({
    kind: 'CreateModel',
    ...header(cx, tree, model),
    path: { kind: 'String' as const, span: terminalSpan(cx, path), value: unquote(path.getText()) },
    parameters: parameters === null ? [] : buildProperties(cx, parameters)
  })
}

function buildConfig(cx: Builder, clauses: readonly ConfigClauseContext[]): readonly Property[] {
  const clause = onlyClause(cx, 'CONFIG', clauses)
  return clause === null ? [] : buildProperties(cx, clause.propertyList())
}

function buildOn(
  cx: Builder,
  what: 'ERROR' | 'LATE',
  clauses: readonly OnClauseContext[]
): ClauseProperties | null {
  const wanted = clauses.filter(clause => (clause.KW_LATE() === null) === (what === 'ERROR'))
  const clause = onlyClause(cx, `ON ${what}`, wanted)
  if (clause === null) return null
  const properties = buildProperties(cx, clause.propertyList())
  return Object.freeze({ kind: 'Clause', span: spanOf(cx, clause), properties })
}

function given<T extends ParserRuleContext>(trees: readonly (T | null)[]): T[] {
  return trees.filter(tree => tree !== null)
}
