import type {
  IntersectTermContext,
  OrderByContext,
  ParserRuleContext,
  QueryContext,
  QueryPrimaryContext,
  QueryTailContext,
  SortItemContext,
  UnionTermContext,
  ValuesContext,
  WithClauseContext
} from '#grammar'
import type {
  CommonTable,
  EmitClause,
  Query,
  QueryBody,
  SetOperation,
  SortItem,
  Values
} from '../../ast/index.ts'
import { duplicateClause } from '../../diagnostics/parse.ts'
import type { Span } from '../../source/index.ts'
import { type Builder, deeper, spanAcross, spanOf } from './builder.ts'
import { buildExpression, buildExpressions } from './expressions.ts'
import { buildColumnList, buildIdentifier } from './names.ts'
import { buildSelect } from './select.ts'

export function buildQuery(cx: Builder, tree: QueryContext): Query {
  const tails = tree.queryTail()
  const clause = (name: string, isOf: (tail: QueryTailContext) => boolean) =>
    onlyClause(cx, name, tails.filter(isOf))
  const orderBy = clause('ORDER BY', tail => tail.orderBy() !== null)
  const limit = clause('LIMIT', tail => tail.KW_LIMIT() !== null)
  const offset = clause('OFFSET', tail => tail.KW_OFFSET() !== null)
  const emit = clause('EMIT', tail => tail.emitClause() !== null)?.emitClause() ?? null
  return Object.freeze({
    kind: 'Query',
    span: spanOf(cx, tree),
    with: buildWith(cx, tree.withClause()),
    body: buildUnion(cx, tree.unionTerm()),
    orderBy: buildSortItems(cx, orderBy?.orderBy() ?? null),
    limit: limit === null ? null : buildExpression(cx, limit.expression()!),
    offset: offset === null ? null : buildExpression(cx, offset.expression()!),
    emit: emit === null ? null : makeEmit(spanOf(cx, emit), emit.KW_CHANGES() !== null)
  })
}

function makeEmit(span: Span, changes: boolean): EmitClause {
  return { kind: 'Emit', span, mode: changes ? 'CHANGES' : 'ON WINDOW CLOSE' }
}

/** Clauses stand in any order, each once. */
export function onlyClause<T extends ParserRuleContext>(
  cx: Builder,
  name: string,
  trees: readonly T[]
): T | null {
  const [first, second] = trees
  if (first !== undefined && second !== undefined) {
    cx.diagnostics.push(duplicateClause(name, spanOf(cx, first), spanOf(cx, second)))
  }
  return first ?? null
}

export function buildSortItems(cx: Builder, tree: OrderByContext | null): SortItem[] {
  return tree?.sortItem().map(item => buildSortItem(cx, item)) ?? []
}

function buildSortItem(cx: Builder, tree: SortItemContext): SortItem {
  const nulls = tree.KW_NULLS() === null ? null : tree.KW_FIRST() === null ? 'LAST' : 'FIRST'
  return Object.freeze({
    kind: 'SortItem',
    span: spanOf(cx, tree),
    expression: buildExpression(cx, tree.expression()),
    descending: tree.KW_DESC() !== null,
    nulls
  })
}

function buildWith(cx: Builder, tree: WithClauseContext | null): CommonTable[] {
  const tables = tree?.commonTable() ?? []
  return tables.map(table => ({
    kind: 'CommonTable',
    span: spanOf(cx, table),
    name: buildIdentifier(cx, table.identifier()),
    columns: buildColumnList(cx, table.columnList()),
    query: buildQuery(cx, table.query())
  }))
}

function buildUnion(cx: Builder, tree: UnionTermContext): QueryBody {
  return foldSets(cx, tree, tree.intersectTerm(), buildIntersect)
}

function buildIntersect(cx: Builder, tree: IntersectTermContext): QueryBody {
  return foldSets(cx, tree, tree.queryPrimary(), buildQueryPrimary)
}

/** Between two operands stand UNION, EXCEPT or INTERSECT and perhaps ALL or DISTINCT. */
function foldSets<T extends UnionTermContext | IntersectTermContext | QueryPrimaryContext>(
  cx: Builder,
  tree: UnionTermContext | IntersectTermContext,
  operands: readonly T[],
  build: (cx: Builder, operand: T) => QueryBody
): QueryBody {
  if (operands.length === 1) return build(cx, operands[0]!)
  const built = deeper(cx, operands.length - 1, tree, () => {
    let body = build(cx, operands[0]!)
    let operator: SetOperation['operator'] = 'UNION'
    let all = false
    let next = 1
    for (const child of tree.children.slice(1)) {
      const word = child.getChildCount() === 0 ? child.getText().toUpperCase() : ''
      if (word === 'UNION' || word === 'EXCEPT' || word === 'INTERSECT') operator = word
      else if (word === 'ALL') all = true
      else if (word !== 'DISTINCT') {
        const right = build(cx, operands[next++]!)
        const span = spanAcross(body.span, right.span)
        body = Object.freeze({ kind: 'SetOperation', span, operator, all, left: body, right })
        all = false
      }
    }
    return body
  })
  return built ?? { kind: 'Values', span: spanOf(cx, tree), rows: [] }
}

function buildQueryPrimary(cx: Builder, tree: QueryPrimaryContext): QueryBody {
  const select = tree.select()
  if (select !== null) return buildSelect(cx, select)
  const values = tree.values()
  if (values !== null) return buildValues(cx, values)
  const inner = tree.query()!
  const built = deeper(cx, 1, tree, () => buildQuery(cx, inner))
  if (built === null) return { kind: 'Values', span: spanOf(cx, tree), rows: [] }
  const hasClauses =
    built.with.length + built.orderBy.length > 0 ||
    (built.limit ?? built.offset ?? built.emit) !== null
  return hasClauses
    ? Object.freeze({ kind: 'NestedQuery', span: spanOf(cx, tree), query: built })
    : built.body
}

export function buildValues(cx: Builder, tree: ValuesContext): Values {
  return Object.freeze({ kind: 'Values', span: spanOf(cx, tree), rows: buildRows(cx, tree) })
}

export function buildRows(cx: Builder, tree: ValuesContext) {
  return tree.valuesRow().map(row => buildExpressions(cx, row.expressionList()))
}
