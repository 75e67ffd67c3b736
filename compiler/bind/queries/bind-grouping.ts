import type { Expression, Select } from '../../ast/index.ts'
import { notGrouped, orderPosition } from '../../diagnostics/bind-batch.ts'
import { aggregateInside } from '../../diagnostics/bind-expressions.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  columnsOf,
  type Expr,
  type Grouping,
  makeColumn,
  makeInterner,
  replaceSubtrees
} from '../../ir/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr, type ExprContext } from '../expressions/bind-expr.ts'
import type { AggregateScope } from './bind-aggregate.ts'

interface OverInput {
  readonly keys: readonly Expr[]
  readonly scope: AggregateScope
  /** What is computed of a group: the select list, and what ORDER BY has. */
  readonly exprs: readonly Expr[]
  /** None or one. */
  readonly having: readonly Expr[]
  readonly session: Grouping['session']
}

/** Expressions over the input as ones over keys and aggregates; null, after a diagnostic, where a column is neither. */
export function overGroups(
  { keys, scope, exprs, having, session }: OverInput,
  cx: BindContext
): { readonly grouping: Grouping; readonly exprs: readonly Expr[] } | null {
  const replace = makeReplacer(keys, scope, cx)
  const all = [...exprs, ...having].map(replace)
  if (!all.every(expr => expr !== null)) return null
  const condition = having.length === 0 ? null : all.at(-1)!
  const grouping = { keys, aggregates: scope.calls, having: condition, session }
  return { grouping, exprs: all.slice(0, exprs.length) }
}

export interface Aliases {
  readonly items: readonly Expr[]
  readonly names: readonly string[]
}

/** GROUP BY takes expressions of the input, positions, and aliases of the select list; null after a diagnostic. */
export function bindGroupKeys(
  select: Select,
  aliases: Aliases,
  { start }: AggregateScope,
  cx: ExprContext
): Expr[] | null {
  const keys: (Expr | null)[] = select.groupBy.map(element => {
    if (element.kind !== 'GroupBy') {
      const what = element.kind === 'GroupingSets' ? 'GROUPING SETS' : element.kind.toUpperCase()
      report(cx.bind, notSupportedYet(what, element.span))
      return null
    }
    const { expression } = element
    // A column of the input goes before an alias that has its name, as in PostgreSQL.
    const isColumn = expression.kind === 'Name' && cx.names!.has(expression.name)
    const item = isColumn ? null : itemMeant(expression, aliases, cx)
    if (item === undefined) return null
    if (item === null) return bindExpr(expression, cx)
    const key = aliases.items[item]!
    if (columnsOf([key]).every(index => index < start)) return key
    report(cx.bind, aggregateInside(aliases.names[item]!, expression.span))
    return null
  })
  return keys.every(key => key !== null) ? keys : null
}

/** The index of the item that a position or an alias means; null: it is an expression; undefined after a diagnostic. */
export function itemMeant(
  expression: Expression,
  { names }: Aliases,
  cx: ExprContext
): number | null | undefined {
  if (expression.kind === 'NumberLiteral') {
    const position = Number(expression.text)
    if (Number.isInteger(position) && position >= 1 && position <= names.length) return position - 1
    report(cx.bind, orderPosition(expression.text, names.length, expression.span))
    return undefined
  }
  if (expression.kind !== 'Name' || expression.name.parts.length > 1) return null
  const { name, quoted } = expression.name.parts[0]!
  const at = names.findIndex(other =>
    quoted ? other === name : other.toLowerCase() === name.toLowerCase()
  )
  return at < 0 ? null : at
}

function makeReplacer(
  keys: readonly Expr[],
  { start }: AggregateScope,
  cx: BindContext
): (expr: Expr) => Expr | null {
  const intern = makeInterner()
  const known = keys.map(intern)
  return root => {
    let complete = true
    const result = replaceSubtrees(root, expr => {
      const { type, nullable, span } = expr
      const key = known.indexOf(intern(expr))
      if (key >= 0) return makeColumn(key, { name: nameOf(expr), type, nullable }, span)
      if (expr.kind !== 'Column') return null
      if (expr.index >= start) return makeColumn(keys.length + expr.index - start, expr, span)
      report(cx, notGrouped(expr.name, span))
      complete = false
      return expr
    })
    return complete ? result : null
  }
}

function nameOf(expr: Expr): string {
  return expr.kind === 'Column' ? expr.name : 'key'
}
