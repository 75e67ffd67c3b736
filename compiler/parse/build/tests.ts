import type {
  StringLiteralContext,
  TestExpectContext,
  TestInputContext,
  TestInsertContext,
  TestStatementContext,
  TestStepContext
} from '#grammar'
import type {
  Delete,
  Insert,
  TestStatement,
  TestStep,
  TestString,
  Update
} from '../../ast/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildExpression } from './expressions.ts'
import { buildColumnList, buildIdentifier, buildQualifiedName } from './names.ts'
import { buildRows, buildValues } from './queries.ts'
import { buildDelete, buildUpdate } from './statements.ts'
import { buildString } from './strings.ts'

export function buildTest(cx: Builder, tree: TestStatementContext): TestStatement {
  return Object.freeze({
    kind: 'Test',
    span: spanOf(cx, tree),
    name: buildString(cx, tree.stringLiteral()),
    steps: tree.testStep().map(step => buildStep(cx, step))
  })
}

function buildStep(cx: Builder, tree: TestStepContext): TestStep {
  const span = spanOf(cx, tree)
  const input = tree.testInput()
  if (input !== null) return buildInput(cx, input)
  const change = buildChange(cx, tree)
  if (change !== null) return { kind: 'TestChange', span, change }
  const expect = tree.testExpect()
  if (expect !== null) return buildExpect(cx, expect)
  const model = tree.testModel()
  if (model !== null) {
    const returns = model.expression().map(value => buildExpression(cx, value))
    return { kind: 'TestModel', span, model: buildIdentifier(cx, model.identifier()), returns }
  }
  return { kind: 'TestAdvance', span, to: buildText(cx, tree.testAdvance()!.stringLiteral()) }
}

/** Null: the step is another one. */
function buildChange(cx: Builder, tree: TestStepContext): Insert | Update | Delete | null {
  const insert = tree.testInsert()
  if (insert !== null) return buildInsert(cx, insert)
  const update = tree.updateStatement()
  if (update !== null) return buildUpdate(cx, update)
  const remove = tree.deleteStatement()
  return remove === null ? null : buildDelete(cx, remove)
}

function buildInsert(cx: Builder, tree: TestInsertContext): Insert {
  const body = buildValues(cx, tree.values())
  const { span } = body
  const none = { with: [], orderBy: [], limit: null, offset: null, emit: null }
  return Object.freeze({
    kind: 'Insert',
    span: spanOf(cx, tree),
    target: buildQualifiedName(cx, tree.qualifiedName()),
    columns: buildColumnList(cx, tree.columnList()),
    query: Object.freeze({ kind: 'Query', span, body, ...none })
  })
}

function buildInput(cx: Builder, tree: TestInputContext): TestStep {
  const strings = tree.stringLiteral()
  const at = tree.KW_AT() === null ? null : strings.pop()!
  const values = tree.values()
  return {
    kind: 'TestInput',
    span: spanOf(cx, tree),
    source: buildQualifiedName(cx, tree.qualifiedName()),
    deletes: tree.KW_DELETE() !== null,
    columns: buildColumnList(cx, tree.columnList()),
    rows: values === null ? [] : buildRows(cx, values),
    raw: strings.map(text => buildText(cx, text)),
    at: at === null ? null : buildText(cx, at)
  }
}

function buildText(cx: Builder, tree: StringLiteralContext): TestString {
  return { kind: 'String', span: spanOf(cx, tree), value: buildString(cx, tree) }
}

function buildExpect(cx: Builder, tree: TestExpectContext): TestStep {
  const span = spanOf(cx, tree)
  const count = tree.NUMBER()?.getText() ?? null
  const name = tree.qualifiedName()
  if (name !== null && count !== null) {
    return { kind: 'TestExpectRows', span, target: buildQualifiedName(cx, name), count }
  }
  if (count !== null) {
    const what = tree.KW_LATE() === null ? 'ERRORS' : 'LATE'
    return { kind: 'TestExpectCount', span, what, count }
  }
  return {
    kind: 'TestExpect',
    span,
    target: buildQualifiedName(cx, name!),
    deletes: tree.KW_DELETE() !== null,
    columns: buildColumnList(cx, tree.columnList()),
    rows: buildRows(cx, tree.values()!)
  }
}
