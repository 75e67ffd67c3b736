import type { CallExpression } from '../../ast/index.ts'
import { aggregateInside, argumentTypes } from '../../diagnostics/bind-expressions.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { type AggregateEntry, findAggregate } from '../../functions/index.ts'
import { type AggregateCall, type Expr, makeColumn, makeInterner } from '../../ir/index.ts'
import { showType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import { bindAll, bindConditions, type ExprContext } from '../expressions/bind-expr.ts'

/** The aggregate calls of one query, as they are found in its expressions. */
export interface AggregateScope {
  /** Each one once, however often the query writes it. */
  readonly calls: AggregateCall[]
  readonly intern: ReturnType<typeof makeInterner>
  /** Aggregate `i` stands in expressions as the column `start + i`. */
  readonly start: number
}

/** Behind every column that a row can have: how many the input has is known only once the whole query is bound. */
const BEHIND_ALL_COLUMNS = 1 << 24

export function startScope(): AggregateScope {
  return { calls: [], intern: makeInterner(), start: BEHIND_ALL_COLUMNS }
}

export function isAggregateCall(call: CallExpression): boolean {
  return call.over === null && findAggregate(showName(call.name).toLowerCase()) !== null
}

/** An aggregate call as a column behind the input row; null after a diagnostic. */
export function bindAggregate(
  call: CallExpression,
  scope: AggregateScope,
  cx: ExprContext
): Expr | null {
  const entry = findAggregate(showName(call.name).toLowerCase())!
  if (call.withinGroup !== null || call.orderBy.length > 0) {
    report(cx.bind, notSupportedYet('ORDER BY in an aggregate', call.span))
    return null
  }
  // An aggregate of an aggregate has no meaning.
  const inside: ExprContext = { ...cx, aggregates: 'inside' }
  const isStar = call.args.length === 1 && call.args[0]!.value.kind === 'Star'
  const args = isStar
    ? []
    : bindAll(
        call.args.map(arg => arg.value),
        inside
      )
  const filter = call.filter === null ? [] : bindConditions([call.filter], 'FILTER', inside)
  if (args === null || filter === null) return null
  const type = resultType(entry, args, isStar)
  if (type === null) {
    const found = args.map(arg => showType(arg.type))
    report(
      cx.bind,
      argumentTypes(entry.name, found, [entry.name === 'count' ? '*' : 'a'], call.span)
    )
    return null
  }
  const { name, nullable } = entry
  const { distinct, span } = call
  const found = { name, args, distinct, filter: filter[0] ?? null, type, nullable, span }
  return makeColumn(scope.start + placeOf(found, scope), { name, type, nullable }, span)
}

/** The index of a call among those of its query. */
function placeOf(call: AggregateCall, { calls, intern }: AggregateScope): number {
  const idOf = ({ name, args, distinct, filter }: AggregateCall): string =>
    JSON.stringify([name, distinct, args.map(intern), filter === null ? null : intern(filter)])
  const id = idOf(call)
  const known = calls.findIndex(other => idOf(other) === id)
  return known >= 0 ? known : calls.push(call) - 1
}

function resultType(entry: AggregateEntry, args: readonly Expr[], isStar: boolean) {
  if (isStar) return entry.name === 'count' ? entry.result([]) : null
  return args.length === entry.arguments ? entry.result(args.map(arg => arg.type)) : null
}

/** Reports an aggregate where none can stand; null always. */
export function refuseAggregate(call: CallExpression, cx: ExprContext): null {
  report(cx.bind, aggregateInside(showName(call.name), call.span))
  return null
}
