import type { Identifier } from '../ast/index.ts'
import { ambiguousName, sinkCannotBeRead } from '../diagnostics/bind.ts'
import {
  type BoundInsert,
  type BoundQuery,
  type BoundSink,
  makeColumn,
  makeSelect
} from '../ir/index.ts'
import { listedColumns } from '../types/index.ts'
import type { Declaration, SinkDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { bindSink } from './kafka/bind-sink.ts'
import { bindDeclaration } from './queries/bind-relation.ts'
import { canBeFilled, tableSchema } from './tables.ts'

/** Every sink, and what it is FROM: a source or a view is added to `inserts`, as a query of its own. */
export function bindSinks(inserts: BoundInsert[], cx: BindContext): BoundSink[] {
  return cx.catalog.declarations.flatMap(declaration =>
    declaration.kind === 'Sink' ? [bindOneSink(declaration, inserts, cx)] : []
  )
}

function bindOneSink(sink: SinkDeclaration, inserts: BoundInsert[], cx: BindContext): BoundSink {
  const { table } = sink.statement
  if (table !== null) return bindSinkFromTable(sink, inserts, cx)
  const feeding = inserts.find(({ target }) => target.kind === 'Sink' && target.name === sink.name)
  if (feeding === undefined && sink.statement.query === null && !isTarget(sink, cx)) {
    cx.unfed.push({ sink, table: null })
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
  const from = publishedBy(sink, wanted, cx)
  if (from === null) return bindSink(sink, null, null, cx)
  cx.read.add(from)
  if (from.kind === 'Table') {
    const schema = tableSchema(from, cx)
    const isFilled = canBeFilled(from)
    return bindSink(sink, isFilled ? from.name : null, isFilled ? schema : null, cx)
  }
  // A source or a view is published as it is.
  const relation = bindDeclaration(from, wanted.span, cx)
  if (relation === null) return bindSink(sink, null, null, cx)
  const query = selectAll(relation)
  inserts.push({ target: { kind: 'Sink', name: sink.name }, query, span: sink.statement.span })
  return bindSink(sink, null, query.schema, cx)
}

/** What a sink is FROM; null after a diagnostic, or where it is missing. */
function publishedBy(
  sink: SinkDeclaration,
  wanted: Identifier,
  cx: BindContext
): Exclude<Declaration, SinkDeclaration> | null {
  const match = cx.catalog.find(wanted)
  if (match.kind === 'None') cx.unfed.push({ sink, table: wanted })
  else if (match.kind === 'Ambiguous') {
    const names = match.values.map(({ name }) => name)
    report(cx, ambiguousName(wanted.name, names, wanted.span))
  } else if (match.value.kind === 'Sink') {
    report(cx, sinkCannotBeRead(match.value.name, wanted.span))
  } else return match.value
  return null
}

function selectAll(relation: NonNullable<ReturnType<typeof bindDeclaration>>): BoundQuery {
  const { schema, span } = relation
  // Implicit columns are behind the others.
  const listed = listedColumns(schema)
  const items = listed.columns.map((column, index) => ({
    name: column.name,
    expr: makeColumn(index, column, span)
  }))
  return makeSelect(relation, items, listed, span)
}
