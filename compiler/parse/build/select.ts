import {
  type ExpressionContext,
  type GroupByContext,
  type GroupingElementContext,
  type NamedWindowContext,
  ParenthesizedContext,
  ParserRuleContext,
  type SelectContext,
  type SelectItemContext
} from '#grammar'
import type {
  Expression,
  GroupingElement,
  NamedWindow,
  Select,
  SelectItem
} from '../../ast/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildWindowParts } from './calls.ts'
import { buildExpression, buildExpressions } from './expressions.ts'
import { buildIdentifier } from './names.ts'
import { buildRelation } from './relations.ts'

export function buildSelect(cx: Builder, tree: SelectContext): Select {
  const where = tree.whereClause()
  const having = tree.havingClause()
  const from = tree.fromClause()?.relation() ?? []
  return Object.freeze({
    kind: 'Select',
    span: spanOf(cx, tree),
    distinct: tree.KW_DISTINCT() !== null,
    items: tree.selectItem().map(item => buildSelectItem(cx, item)),
    from: from.map(relation => buildRelation(cx, relation)),
    where: where === null ? null : buildExpression(cx, where.expression()),
    groupBy: buildGroupBy(cx, tree.groupBy()),
    having: having === null ? null : buildExpression(cx, having.expression()),
    windows: (tree.windowClause()?.namedWindow() ?? []).map(one => buildNamedWindow(cx, one))
  })
}

function buildNamedWindow(cx: Builder, tree: NamedWindowContext): NamedWindow {
  const [name, base] = tree.identifier()
  return Object.freeze({
    kind: 'NamedWindow',
    span: spanOf(cx, tree),
    name: buildIdentifier(cx, name!),
    over: buildWindowParts(cx, tree, base ?? null)
  })
}

function buildSelectItem(cx: Builder, tree: SelectItemContext): SelectItem {
  const span = spanOf(cx, tree)
  const alias = tree.identifier()
  const expression = tree.expression()
  return Object.freeze({
    kind: 'SelectItem',
    span,
    expression:
      expression === null
        ? { kind: 'Star' as const, span, qualifier: null }
        : buildExpression(cx, expression),
    alias: alias === null ? null : buildIdentifier(cx, alias)
  })
}

function buildGroupBy(cx: Builder, tree: GroupByContext | null): GroupingElement[] {
  return tree?.groupingElement().flatMap(element => buildGroupingElement(cx, element)) ?? []
}

function buildGroupingElement(cx: Builder, tree: GroupingElementContext): GroupingElement[] {
  const span = spanOf(cx, tree)
  const list = tree.expressionList()
  if (list === null) {
    const expression = tree.expression()!
    const set = buildGroupingSet(cx, expression)
    if (set.length === 0) return [{ kind: 'GroupingSets', span, sets: [[]] }]
    return set.map(item => ({ kind: 'GroupBy', span: item.span, expression: item }))
  }
  if (tree.KW_GROUPING() !== null) {
    const sets = list.expression().map(set => buildGroupingSet(cx, set))
    return [{ kind: 'GroupingSets', span, sets }]
  }
  const kind = tree.KW_CUBE() === null ? 'Rollup' : 'Cube'
  return [{ kind, span, expressions: buildExpressions(cx, list) }]
}

/** `(a, b)` and `()` are lists of keys here, and not rows. */
function buildGroupingSet(cx: Builder, tree: ExpressionContext): Expression[] {
  const list = soleParentheses(tree)
  if (list === null || list.query() !== null) return [buildExpression(cx, tree)]
  return buildExpressions(cx, list.expressionList())
}

function soleParentheses(tree: ParserRuleContext): ParenthesizedContext | null {
  let at = tree
  while (!(at instanceof ParenthesizedContext)) {
    const child = at.children[0]
    if (at.children.length !== 1 || !(child instanceof ParserRuleContext)) return null
    at = child
  }
  return at
}
