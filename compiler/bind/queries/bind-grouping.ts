import type { Expression, QualifiedName, Select } from '../../ast/index.ts'
import { notGrouped, orderPosition } from '../../diagnostics/bind-batch.ts'
import { aggregateInside } from '../../diagnostics/bind-expressions.ts'
import { groupingArgument, queryOfGroups } from '../../diagnostics/bind-groups.ts'
import {
  columnsOf,
  type Expr,
  type Grouping,
  groupingBits,
  makeCase,
  makeColumn,
  makeInterner,
  makeLiteral,
  makeNotDistinct,
  replaceSubtrees
} from '../../ir/index.ts'
import { spanText } from '../../source/index.ts'
import { INT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import type { Aliases } from './aliases.ts'
import type { GroupingCall, AggregateScope } from './aggregate-scope.ts'
import { bindGroupingSets, type GroupKeys } from './bind-grouping-sets.ts'
import { OVER_START } from './bind-over.ts'
import type { Names } from './names-in-scope.ts'

interface OverInput extends GroupKeys {
  readonly scope: AggregateScope
  /** What is computed of a group: the select list, and what ORDER BY has. */
  readonly exprs: readonly Expr[]
  /** None or one. */
  readonly having: readonly Expr[]
  readonly session: Grouping['session']
  /** How many columns can be named: behind them is what queries inside of the expressions give. */
  readonly width: number
}

/** Expressions over the input as ones over keys and aggregates; null, after a diagnostic, where a column is neither. */
export function overGroups(
  { keys, sets, scope, exprs, having, session, width }: OverInput,
  cx: BindContext
): { readonly grouping: Grouping; readonly exprs: readonly Expr[] } | null {
  const replace = makeReplacer({ keys, sets }, scope, width, cx)
  const all = [...exprs, ...having].map(replace)
  if (!all.every(expr => expr !== null)) return null
  const condition = having.length === 0 ? null : all.at(-1)!
  const grouping = { keys, sets, aggregates: scope.calls, having: condition, session }
  return { grouping, exprs: all.slice(0, exprs.length) }
}

/** GROUP BY takes expressions of the input, positions, and aliases of the select list; null after a diagnostic. */
export function bindGroupKeys(
  select: Select,
  aliases: Aliases,
  { start }: AggregateScope,
  cx: ExprContext
): GroupKeys | null {
  const bindKey = (expression: Expression): Expr | null => {
    // A column of the input goes before an alias that has its name, as in PostgreSQL.
    const isColumn = expression.kind === 'Name' && cx.names!.has(expression.name)
    const item = isColumn ? null : itemMeant(expression, aliases, cx)
    if (item === undefined) return null
    if (item === null) return bindExpr(expression, cx)
    const key = aliases.items[item]!
    if (columnsOf([key]).every(index => index < start)) return key
    report(cx.bind, aggregateInside(aliases.names[item]!, expression.span))
    return null
  }
  return bindGroupingSets(select, bindKey, cx.bind)
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
  if (expression.kind !== 'Name') return null
  const at = aliasAt(expression.name, names)
  return at < 0 ? null : at
}

/**
 * What an alias of the select list means in HAVING; null: the name is none, or means a column, which goes before it, or what a
 * window function gives, which comes behind HAVING.
 */
export function exprMeant(
  name: QualifiedName,
  columns: Names,
  aliases: Aliases | undefined
): Expr | null {
  if (aliases === undefined || columns.has(name)) return null
  const meant = aliases.items[aliasAt(name, aliases.names)]
  return meant === undefined || columnsOf([meant]).some(index => index >= OVER_START) ? null : meant
}

function aliasAt({ parts }: QualifiedName, names: readonly string[]): number {
  const { name, quoted } = parts[0]!
  if (parts.length > 1) return -1
  return names.findIndex(other =>
    quoted ? other === name : other.toLowerCase() === name.toLowerCase()
  )
}

function makeReplacer(
  { keys, sets }: GroupKeys,
  scope: AggregateScope,
  width: number,
  cx: BindContext
): (expr: Expr) => Expr | null {
  const intern = makeInterner()
  const known = namedKeys({ keys, sets }).map(intern)
  const { start, groupings, groupingStart } = scope
  return root => {
    let complete = true
    const result = replaceSubtrees(root, expr => {
      const { type, span } = expr
      const key = known.indexOf(intern(expr))
      if (key >= 0) {
        const nullable = expr.nullable || sets?.every(set => set.includes(key)) === false
        return makeColumn(key, { name: nameOf(expr), type, nullable }, span)
      }
      if (expr.kind !== 'Column') return null
      // A window function comes behind the groups: what it is over is replaced by itself.
      if (expr.index >= OVER_START) return expr
      if (expr.index >= groupingStart) {
        const found = groupingOf(groupings[expr.index - groupingStart]!, { keys, sets }, intern, cx)
        if (found === null) complete = false
        return found ?? expr
      }
      if (expr.index >= start) return makeColumn(keys.length + expr.index - start, expr, span)
      report(cx, expr.index < width ? notGrouped(expr.name, span) : queryOfGroups(span))
      complete = false
      return expr
    })
    return complete ? result : null
  }
}

/** The keys that a query can name: not the one that tells sets apart. */
function namedKeys({ keys, sets }: GroupKeys): readonly Expr[] {
  return sets === null ? keys : keys.slice(0, -1)
}

/** GROUPING over the last key, which says it of all others; null after a diagnostic. */
function groupingOf(
  { args, span }: GroupingCall,
  { keys, sets }: GroupKeys,
  intern: ReturnType<typeof makeInterner>,
  cx: BindContext
): Expr | null {
  const ids = namedKeys({ keys, sets }).map(intern)
  const places = args.map(arg => ids.indexOf(intern(arg)))
  const unknown = args[places.indexOf(-1)]
  if (unknown !== undefined || args.length === 0) {
    const at = unknown?.span ?? span
    report(cx, groupingArgument(spanText(at), at))
    return null
  }
  if (sets === null) return makeLiteral(0, INT, span)
  const last = keys.length - 1
  const set = makeColumn(last, { name: 'grouping', type: INT, nullable: false }, span)
  const all = [...ids.keys()]
  if (places.join() === all.join()) return set
  const branches = sets.map(one => ({
    when: makeNotDistinct(set, makeLiteral(groupingBits(all, one), INT, span), span),
    then: makeLiteral(groupingBits(places, one), INT, span)
  }))
  return makeCase(branches, makeLiteral(0, INT, span), INT, span)
}

function nameOf(expr: Expr): string {
  return expr.kind === 'Column' ? expr.name : 'key'
}
