import type { Expression, JoinRelation, TableRelation } from '../../ast/index.ts'
import {
  asofConditionOfBoth,
  asofNeedsComparison,
  asOfTimeType,
  versionsNeedKey,
  versionsNeedTable
} from '../../diagnostics/bind-as-of.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  type BoundRelation,
  columnsOf,
  type Expr,
  joinSchema,
  keyColumn,
  makeAnd,
  makeColumn,
  mirroredComparisons,
  readsWithin,
  shiftColumns,
  splitConjuncts
} from '../../ir/index.ts'
import { showType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import { storedKey } from '../stored-key.ts'
import { bindOverTable, type LookupSides, nameFound } from './bind-lookup.ts'
import type { CommonTables } from './with-tables.ts'
import { bindRelation } from './bind-select.ts'
import type { Input } from './input.ts'
import { bindCondition, withNulls } from './join-sides.ts'
import { type BoundKey, makeEveryRow, splitKeys } from './lookup-keys.ts'
import { namesOf } from './names-in-scope.ts'
import { tableViewOf } from './table-view.ts'

/** A table with the time at which it is asked. */
type AsOfTable = TableRelation & { readonly asOf: Expression }

/** `JOIN t FOR SYSTEM_TIME AS OF e.ts ON t.key = e.key`: the version of a table's row that was valid then. */
export function bindVersions(
  relation: JoinRelation,
  right: AsOfTable,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const join = joinOf(relation, 'FOR SYSTEM_TIME AS OF', cx)
  const outer = bindRelation(relation.left, tables, cx)
  const inner = bindRelation({ ...right, asOf: null }, tables, cx)
  if (join === null || outer === null || inner === null) return null
  cx.findings?.relations.set(right, inner)
  const time = bindExpr(right.asOf, { bind: cx, names: namesOf(outer.parts, cx) })
  if (time === null || !isInstant(time, cx)) return null
  const view = tableViewOf(inner.relation)
  const declared = view === null ? null : storedKey(view.scan.table, cx)
  if (view === null || declared === null) {
    report(cx, versionsNeedTable(right.name.span))
    return null
  }
  const { scan } = view
  const primary = declared.columns
  const sides: LookupSides = { outer, inner, swapped: false, view }
  const bound = bindOverTable(relation, sides, cx)
  if (bound === null) return null
  const width = outer.relation.schema.columns.length
  const { keys, rest } = splitPrimaryKey(bound.conditions, primary, scan.schema, width)
  if (keys === null) {
    const names = primary.map(index => scan.schema.columns[index]!.name)
    report(cx, versionsNeedKey(scan.table, names, relation.on?.span ?? relation.span))
    return null
  }
  const found = {
    kind: 'AsOf',
    join,
    left: outer.relation,
    right: scan,
    keys,
    condition: conditionOf(rest),
    time,
    validFrom: null,
    strict: false,
    schema: joinSchema(outer.relation.schema, scan.schema, join),
    span: relation.span
  } as const
  return nameFound(relation, found, bound.parts, sides, cx)
}

/** The equalities that name a row by its PRIMARY KEY, in its order; `keys` null: not all columns are compared. */
function splitPrimaryKey(
  conditions: readonly Expr[],
  primary: readonly number[],
  { columns }: BoundRelation['schema'],
  width: number
) {
  const found = new Map<number, BoundKey>()
  const rest: Expr[] = []
  for (const condition of conditions) {
    const [key] = splitKeys([condition], width).keys
    const column = key === undefined ? null : keyColumn(key.right)
    if (column === null || !primary.includes(column) || found.has(column)) rest.push(condition)
    else {
      const { span } = key!.right
      found.set(column, { left: key!.left, right: makeColumn(column, columns[column]!, span) })
    }
  }
  const keys = primary.map(column => found.get(column))
  return { keys: keys.every(key => key !== undefined) ? keys : null, rest }
}

/** `a ASOF JOIN b ON a.key = b.key AND a.ts >= b.ts`: the last row of `b` that is not after one of `a`. */
export function bindAsOfJoin(
  relation: JoinRelation,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const join = joinOf(relation, 'ASOF JOIN', cx)
  const left = bindRelation(relation.left, tables, cx)
  const right = bindRelation(relation.right, tables, cx)
  if (join === null || left === null || right === null) return null
  const bound = bindCondition(relation, { outer: left, inner: right, swapped: false }, cx)
  if (bound === null) return null
  const width = left.relation.schema.columns.length
  const { keys, rest } = splitKeys(bound.conditions.flatMap(splitConjuncts), width)
  const order = chooseOrder(rest, width, relation, cx)
  if (order === null) return null
  const others = rest.filter(one => one !== order.condition)
  const onRight = others.filter(one => readsWithin(one, width, Infinity))
  const onLeft = others.filter(one => !onRight.includes(one))
  const ofBoth = onLeft.find(one => columnsOf([one]).some(index => index >= width))
  if (ofBoth !== undefined) {
    report(cx, asofConditionOfBoth(ofBoth.span))
    return null
  }
  const found: BoundRelation = {
    kind: 'AsOf',
    join,
    left: left.relation,
    right: filtered(right.relation, onRight, width),
    keys: keys.length === 0 ? [makeEveryRow(relation.span)] : keys,
    condition: conditionOf(onLeft),
    time: order.left,
    validFrom: shiftColumns(order.right, -width),
    strict: order.strict,
    schema: joinSchema(left.relation.schema, right.relation.schema, join),
    span: relation.span
  }
  return { relation: found, parts: join === 'LEFT' ? withNulls(bound.parts, width) : bound.parts }
}

interface TimeOrder {
  readonly condition: Expr
  readonly left: Expr
  /** Over the columns of both. */
  readonly right: Expr
  readonly strict: boolean
}

/** The comparison that says which rows are before others; null after a diagnostic. */
function chooseOrder(
  conditions: readonly Expr[],
  width: number,
  { on, span }: JoinRelation,
  cx: BindContext
): TimeOrder | null {
  const orders = conditions.flatMap(condition => orderOf(condition, width))
  const [only] = orders
  if (only === undefined || orders.length > 1) {
    report(cx, asofNeedsComparison(orders.length, on?.span ?? span))
    return null
  }
  if (!isInstant(only.left, cx) || !isInstant(only.right, cx)) return null
  const { comparison, ...sides } = only
  if (comparison === 'less' || comparison === 'lessEqual') {
    report(cx, notSupportedYet('ASOF JOIN with the next row that is after', only.condition.span))
    return null
  }
  return { ...sides, strict: comparison === 'greater' }
}

/** A comparison of both sides, as it reads with the left one first. */
function orderOf(condition: Expr, width: number) {
  const isComparison = condition.kind === 'Call' && condition.function in mirroredComparisons
  if (!isComparison || condition.function === 'equal') return []
  const { function: comparison, args } = condition
  const [a, b] = args as readonly [Expr, Expr]
  if (readsWithin(a, 0, width) && readsWithin(b, width, Infinity))
    return [{ condition, left: a, right: b, comparison }]
  if (readsWithin(b, 0, width) && readsWithin(a, width, Infinity))
    return [{ condition, left: b, right: a, comparison: mirroredComparisons[comparison]! }]
  return []
}

/** Null after a diagnostic: only an event, alone or with NULLs, has a time. */
function joinOf({ join, right }: JoinRelation, what: string, cx: BindContext) {
  if (join === 'INNER' || join === 'LEFT') return join
  const written = join === 'CROSS' ? 'a CROSS JOIN' : `a ${join} JOIN`
  report(cx, notSupportedYet(`${what} in ${written}`, right.span))
  return null
}

function isInstant({ type, span }: Expr, cx: BindContext): boolean {
  if (type.kind === 'Timestamp' || type.kind === 'TimestampTz') return true
  report(cx, asOfTimeType(showType(type), span))
  return false
}

function filtered(input: BoundRelation, conditions: readonly Expr[], width: number): BoundRelation {
  const [first] = conditions
  if (first === undefined) return input
  const own = conditions.map(one => shiftColumns(one, -width))
  const { schema, span } = input
  return { kind: 'Filtered', input, where: makeAnd(own, first.span), schema, span }
}

function conditionOf(conditions: readonly Expr[]): Expr | null {
  const [first] = conditions
  return first === undefined ? null : makeAnd(conditions, first.span)
}
