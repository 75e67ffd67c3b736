import type {
  AlterStatementContext,
  ChangedAliasContext,
  DeleteStatementContext,
  DropStatementContext,
  InsertStatementContext,
  PlainStatementContext,
  ShowStatementContext,
  StatementContext,
  UpdateStatementContext
} from '#grammar'
import type {
  Alter,
  Delete,
  Drop,
  Identifier,
  Insert,
  Show,
  Statement,
  Update
} from '../../ast/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildCreate } from './create.ts'
import { buildExpression } from './expressions.ts'
import {
  buildColumnList,
  buildIdentifier,
  buildProperty,
  buildPropertyValue,
  buildQualifiedName
} from './names.ts'
import { buildQuery } from './queries.ts'
import { buildTest } from './tests.ts'

export function buildStatement(cx: Builder, tree: StatementContext): Statement {
  const body = tree.statementBody()
  const statement = buildPlain(cx, body.plainStatement())
  if (body.KW_EXPLAIN() === null) return statement
  const analyze = body.KW_ANALYZE() !== null
  return Object.freeze({ kind: 'Explain', span: spanOf(cx, body), analyze, statement })
}

function buildPlain(cx: Builder, tree: PlainStatementContext): Statement {
  const span = spanOf(cx, tree)
  if (tree.KW_CREATE() !== null) return buildCreate(cx, tree)
  const set = tree.setStatement()
  if (set !== null) {
    const name = buildIdentifier(cx, set.identifier())
    return Object.freeze({
      kind: 'Set',
      span,
      name,
      value: buildPropertyValue(cx, set.propertyValue())
    })
  }
  const query = tree.query()
  if (query !== null)
    return Object.freeze({ kind: 'QueryStatement', span, query: buildQuery(cx, query) })
  const describe = tree.describeStatement()
  if (describe !== null) {
    return Object.freeze({
      kind: 'Describe',
      span,
      name: buildQualifiedName(cx, describe.qualifiedName())
    })
  }
  return buildChange(cx, tree)
}

function buildChange(cx: Builder, tree: PlainStatementContext): Statement {
  const insert = tree.insertStatement()
  if (insert !== null) return buildInsert(cx, insert)
  const update = tree.updateStatement()
  if (update !== null) return buildUpdate(cx, update)
  const remove = tree.deleteStatement()
  if (remove !== null) return buildDelete(cx, remove)
  const alter = tree.alterStatement()
  if (alter !== null) return buildAlter(cx, alter)
  const drop = tree.dropStatement()
  if (drop !== null) return buildDrop(cx, drop)
  const show = tree.showStatement()
  return show === null ? buildTest(cx, tree.testStatement()!) : buildShow(cx, show)
}

function buildInsert(cx: Builder, tree: InsertStatementContext): Insert {
  return Object.freeze({
    kind: 'Insert',
    span: spanOf(cx, tree),
    target: buildQualifiedName(cx, tree.qualifiedName()),
    columns: buildColumnList(cx, tree.columnList()),
    query: buildQuery(cx, tree.query())
  })
}

function buildChangedAlias(cx: Builder, tree: ChangedAliasContext | null): Identifier | null {
  const name = tree?.identifier() ?? tree?.plainName() ?? null
  return name === null ? null : buildIdentifier(cx, name)
}

export function buildUpdate(cx: Builder, tree: UpdateStatementContext): Update {
  const where = tree.expression()
  return Object.freeze({
    kind: 'Update',
    span: spanOf(cx, tree),
    target: buildQualifiedName(cx, tree.qualifiedName()),
    alias: buildChangedAlias(cx, tree.changedAlias()),
    assignments: tree.assignment().map(assignment => ({
      column: buildIdentifier(cx, assignment.identifier()),
      value: buildExpression(cx, assignment.expression())
    })),
    where: where === null ? null : buildExpression(cx, where)
  })
}

export function buildDelete(cx: Builder, tree: DeleteStatementContext): Delete {
  const where = tree.expression()
  return Object.freeze({
    kind: 'Delete',
    span: spanOf(cx, tree),
    target: buildQualifiedName(cx, tree.qualifiedName()),
    alias: buildChangedAlias(cx, tree.changedAlias()),
    where: where === null ? null : buildExpression(cx, where)
  })
}

function buildAlter(cx: Builder, tree: AlterStatementContext): Alter {
  return Object.freeze({
    kind: 'Alter',
    span: spanOf(cx, tree),
    object: tree.KW_SOURCE() === null ? 'SINK' : 'SOURCE',
    name: buildQualifiedName(cx, tree.qualifiedName()),
    properties: tree.property().map(property => buildProperty(cx, property))
  })
}

function buildDrop(cx: Builder, tree: DropStatementContext): Drop {
  return Object.freeze({
    kind: 'Drop',
    span: spanOf(cx, tree),
    object: tree.getChild(1)!.getText().toUpperCase() as Drop['object'],
    ifExists: tree.KW_IF() !== null,
    name: buildQualifiedName(cx, tree.qualifiedName())
  })
}

function buildShow(cx: Builder, tree: ShowStatementContext): Show {
  const what = tree.getChild(1)!.getText().toUpperCase() as Show['what']
  return Object.freeze({ kind: 'Show', span: spanOf(cx, tree), what })
}
