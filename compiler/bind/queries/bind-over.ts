import type { CallExpression } from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { functionNotFound } from '../../diagnostics/bind-expressions.ts'
import { windowFunctionForm, windowFunctionInside } from '../../diagnostics/over.ts'
import {
  callableNames,
  findAggregate,
  findFunction,
  findWindowFunction
} from '../../functions/index.ts'
import { type Expr, exprsOfOver, makeColumn, makeInterner, type OverCall } from '../../ir/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import { bindAll } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { bindAggregateCall, bindOrder } from './bind-aggregate.ts'
import { bindFrame } from './bind-frame.ts'
import { aggregateProblem, bindWindowFunction, type Called } from './bind-window-function.ts'
import { type NamedWindows, resolveWindow } from './named-windows.ts'
import type { OverScope } from './over-scope.ts'

/** Call `i` stands in expressions as the column `OVER_START + i`: behind all columns, aggregates and calls of GROUPING. */
export const OVER_START = 1 << 26

export function startOver(windows: NamedWindows): OverScope {
  return { calls: [], intern: makeInterner(), windows }
}

/** A window function as a column behind the input row; null after a diagnostic. */
export function bindOver(call: CallExpression, cx: ExprContext): Expr | null {
  const name = showName(call.name).toLowerCase()
  if (cx.over === undefined) {
    const what = 'a window function in a query that is answered once'
    const { bind, probes } = cx
    const isAsked = probes !== undefined
    report(bind, isAsked ? notSupportedYet(what, call.span) : windowFunctionInside(name, call.span))
    return null
  }
  const { over: scope, ...around } = cx
  const over = resolveWindow(call.over!, scope.windows, cx.bind)
  if (over === null) return null
  const bound = bindCall(name, call, around)
  const partition = bindAll(over.partitionBy, around)
  const order = bindOrder(over.orderBy, around)
  const frame = bindFrame(over.frame, over.orderBy.length, around)
  if (bound === null || partition === null || order === null || frame === null) return null
  const found: OverCall = Object.freeze({ ...bound, partition, order, frame })
  const { type, nullable } = found.call
  return makeColumn(OVER_START + placeOf(found, scope), { name, type, nullable }, call.span)
}

function bindCall(name: string, call: CallExpression, cx: ExprContext): Called | null {
  const entry = findWindowFunction(name)
  if (entry !== null) return bindWindowFunction(entry, call, cx)
  if (findFunction(name) !== null) {
    const hint = 'Leave OVER (...) out.'
    report(cx.bind, windowFunctionForm(name, 'would be computed of one row', call.span, hint))
    return null
  }
  if (findAggregate(name) === null) {
    report(cx.bind, functionNotFound(name, call.name.span, callableNames()))
    return null
  }
  const problem = aggregateProblem(call)
  if (problem !== null) {
    const hint = 'Take it out of the call; ORDER BY and the frame stand in OVER (...).'
    report(cx.bind, windowFunctionForm(name, problem, call.span, hint))
    return null
  }
  const bound = bindAggregateCall({ ...call, over: null }, cx)
  return bound === null ? null : { call: bound, offset: null }
}

/** The index of a call among those of its query. */
function placeOf(found: OverCall, { calls, intern }: OverScope): number {
  const idOf = (over: OverCall): string => {
    const { call, offset, frame, order } = over
    const directions = order.map(key => [key.descending, key.nullsFirst])
    return JSON.stringify([
      ...[call.name, offset, frame, directions, over.partition.length, call.args.length],
      exprsOfOver(over).map(intern)
    ])
  }
  const id = idOf(found)
  const known = calls.findIndex(other => idOf(other) === id)
  return known >= 0 ? known : calls.push(found) - 1
}
