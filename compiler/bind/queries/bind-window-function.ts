import type { CallExpression, Expression } from '../../ast/index.ts'
import { argumentTypes } from '../../diagnostics/bind-expressions.ts'
import { windowFunctionForm } from '../../diagnostics/over.ts'
import type { WindowFunction } from '../../functions/index.ts'
import type { AggregateCall, Expr, OverCall } from '../../ir/index.ts'
import { BIGINT, showType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import { bindAll } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { coerce } from '../expressions/coerce.ts'
import { wholeNumber } from './bind-frame.ts'

/** What a call computes, wherever OVER says that it does. */
export type Called = Pick<OverCall, 'call' | 'offset'>

/** A function that stands only before OVER; null after a diagnostic. */
export function bindWindowFunction(
  entry: WindowFunction,
  call: CallExpression,
  cx: ExprContext
): Called | null {
  const { name, kind } = entry
  const [value, second, otherwise] = call.args.map(arg => arg.value)
  const problem = problemOf(entry, call)
  if (problem !== null) {
    report(cx.bind, windowFunctionForm(name, problem, call.span, `For example: ${entry.example}.`))
    return null
  }
  if (kind === 'rank') return { call: callOf(name, [], BIGINT, false, call), offset: null }
  const offset = bindOffset(entry, second, call, cx)
  if (offset === undefined) return null
  const args = bindAll(otherwise === undefined ? [value!] : [value!, otherwise], cx)
  const all = args && coerceDefault(args, call, cx)
  if (all === null) return null
  const { type } = all[0]!
  // A row may be missing, unless a default stands in for it.
  const isNullable = all.length === 1 || all.some(({ nullable }) => nullable)
  return { call: callOf(name, all, type, isNullable, call), offset }
}

function problemOf(
  { arguments: [least, most] }: WindowFunction,
  call: CallExpression
): string | null {
  if (call.filter !== null) return 'takes no FILTER'
  const { length } = call.args
  return aggregateProblem(call) ?? (length < least || length > most ? countText(least, most) : null)
}

/** What an aggregate can't have before OVER; null: it has nothing of that. */
export function aggregateProblem({
  distinct,
  orderBy,
  withinGroup
}: CallExpression): string | null {
  if (distinct) return 'takes no DISTINCT'
  if (orderBy.length > 0) return 'takes no ORDER BY in its parentheses'
  return withinGroup === null ? null : 'takes no WITHIN GROUP'
}

function countText(least: number, most: number): string {
  if (most === 0) return 'takes no arguments'
  const count = least === most ? String(most) : `${least} to ${most}`
  return `takes ${count} argument${most === 1 ? '' : 's'}`
}

function callOf(
  name: string,
  args: readonly Expr[],
  type: AggregateCall['type'],
  nullable: boolean,
  { span }: CallExpression
): AggregateCall {
  const plain = { orderBy: [], fraction: null, distinct: false, filter: null } as const
  return Object.freeze({ name, args, ...plain, type, nullable, span })
}

/** The value, and the default as one of its type; null after a diagnostic. */
function coerceDefault(
  args: readonly Expr[],
  { name, span }: CallExpression,
  cx: ExprContext
): readonly Expr[] | null {
  const [value, otherwise] = args
  if (otherwise === undefined) return args
  if (otherwise.kind === 'Literal' || otherwise.type.kind === value!.type.kind) {
    const coerced = coerce(otherwise, value!.type, cx.bind)
    return coerced && [value!, coerced]
  }
  const types = args.map(({ type }) => showType(type))
  report(cx.bind, argumentTypes(showName(name), types, ['a, n, a'], span))
  return null
}

/** How many rows away, or which row; null: the function asks for none; undefined after a diagnostic. */
function bindOffset(
  { name, kind, example }: WindowFunction,
  expression: Expression | undefined,
  { span }: CallExpression,
  cx: ExprContext
): number | null | undefined {
  if (expression === undefined) return kind === 'away' ? 1 : null
  const number = wholeNumber(expression)
  if (number !== null && number >= (kind === 'value' ? 1 : 0)) return number
  const problem = 'takes a whole number, written out, as its second argument'
  report(cx.bind, windowFunctionForm(name, problem, span, `For example: ${example}.`))
  return undefined
}
