import type {
  AsOfContext,
  JoinContext,
  RelationContext,
  RelationPrimaryContext,
  TableAliasContext
} from '#grammar'
import type { Alias, Expression, JoinRelation, Relation } from '../../ast/index.ts'
import { type Builder, deeper, spanAcross, spanOf } from './builder.ts'
import { buildExpression, buildExpressions } from './expressions.ts'
import { buildColumnList, buildIdentifier, buildQualifiedName } from './names.ts'
import { buildQuery } from './queries.ts'
import { buildWindow } from './windows.ts'

export function buildRelation(cx: Builder, tree: RelationContext): Relation {
  const joins = tree.join()
  const built = deeper(cx, joins.length + 1, tree, () =>
    joins.reduce<Relation>(
      (left, join) => buildJoin(cx, left, join),
      buildRelationPrimary(cx, tree.relationPrimary())
    )
  )
  return built ?? { kind: 'UnnestRelation', ...unnamed(cx, tree), args: [], withOrdinality: false }
}

function unnamed(cx: Builder, tree: RelationContext) {
  return { span: spanOf(cx, tree), alias: null }
}

function buildJoin(cx: Builder, left: Relation, tree: JoinContext): JoinRelation {
  const on = tree.expression()
  return Object.freeze({
    kind: 'JoinRelation',
    span: spanAcross(left.span, spanOf(cx, tree)),
    join: joinOf(tree),
    asof: (tree.joinKind()?.KW_ASOF() ?? null) !== null,
    left,
    right: buildRelationPrimary(cx, tree.relationPrimary()),
    on: on === null ? null : buildExpression(cx, on),
    using: buildColumnList(cx, tree.columnList())
  })
}

function joinOf(tree: JoinContext): JoinRelation['join'] {
  const kind = tree.joinKind()
  const side = kind?.joinSide() ?? null
  if (kind === null) return 'INNER'
  if (kind.KW_CROSS() !== null) return 'CROSS'
  if (side === null) return 'INNER'
  if (side.KW_LEFT() !== null) return 'LEFT'
  return side.KW_RIGHT() === null ? 'FULL' : 'RIGHT'
}

function buildRelationPrimary(cx: Builder, tree: RelationPrimaryContext): Relation {
  const span = spanOf(cx, tree)
  const alias = buildAlias(cx, tree.tableAlias())
  const query = tree.query()
  if (query !== null) {
    return Object.freeze({ kind: 'DerivedRelation', span, query: buildQuery(cx, query), alias })
  }
  const inner = tree.relation()
  if (inner !== null) return buildRelation(cx, inner)
  const window = tree.windowCall()
  if (window !== null) return buildWindow(cx, window, alias, span)
  const name = tree.qualifiedName()
  if (name !== null) {
    const asOf = buildAsOf(cx, tree.asOf())
    return Object.freeze({
      kind: 'TableRelation',
      span,
      name: buildQualifiedName(cx, name),
      alias,
      asOf
    })
  }
  return Object.freeze({
    kind: 'UnnestRelation',
    span,
    args: buildExpressions(cx, tree.expressionList()),
    withOrdinality: tree.KW_ORDINALITY() !== null,
    alias
  })
}

function buildAlias(cx: Builder, tree: TableAliasContext | null): Alias | null {
  if (tree === null) return null
  return Object.freeze({
    kind: 'Alias',
    span: spanOf(cx, tree),
    name: buildIdentifier(cx, tree.identifier()),
    columns: buildColumnList(cx, tree.columnList())
  })
}

function buildAsOf(cx: Builder, tree: AsOfContext | null): Expression | null {
  return tree === null ? null : buildExpression(cx, tree.expression())
}
