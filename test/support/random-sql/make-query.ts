import { pick, type Random } from '../functions/random-value.ts'
import { makeAggregate } from './make-aggregate.ts'
import { makeExpr, pickType, type Scope } from './make-expr.ts'
import {
  type AggregateExpr,
  columnTypesOf,
  type ColumnExpr,
  type DerivedRelation,
  type Expr,
  type Query,
  type Relation,
  type Select,
  type SetOperation,
  type Top
} from './query.ts'
import type { ScalarType } from './scalar-type.ts'
import { columnTypes, tableNames } from './tables.ts'

const setOperations: readonly SetOperation[] = [
  ...(['UNION ALL', 'UNION', 'INTERSECT'] as const),
  ...(['INTERSECT ALL', 'EXCEPT', 'EXCEPT ALL'] as const)
]
const comparisons = ['=', '<>', '<', '<=', '>', '>='] as const
const MAX_DEPTH = 2

/** A query over both tables. Four of ten are filters and projections alone. */
export function makeQuery(random: Random): Query {
  const names = { used: 0 }
  const cx: MakeContext = { random, name: () => `r${names.used++}`, made: [] }
  return random(10) < 4 ? makePlain(cx) : makeNested(cx, MAX_DEPTH, null)
}

interface MakeContext {
  readonly random: Random
  /** A name that no other relation of the query has. */
  name(): string
  /** Of which one may be read once more. */
  readonly made: DerivedRelation[]
}

/** `types` says which columns it has to have; null: any. */
function makeNested(cx: MakeContext, depth: number, types: readonly ScalarType[] | null): Query {
  const { random } = cx
  if (depth > 0 && random(5) === 0) {
    const left = makeNested(cx, depth - 1, types)
    const right = makeNested(cx, depth - 1, columnTypesOf(left))
    return { kind: 'set', operation: pick(random, setOperations), left, right }
  }
  const from = makeRelation(cx, depth)
  const scope = scopeOf(from)
  const where = random(2) === 0 ? makeCondition(cx, scope, depth) : null
  const select =
    random(3) === 0 ? grouped(cx, scope, types) : projected(cx, scope, types ?? makeTypes(random))
  const top = random(6) === 0 ? makeTop(random, select.items.length) : null
  const distinct = top === null && random(6) === 0
  return { kind: 'select', from, where, distinct, top, ...select }
}

/** A filter and a projection of one table. */
function makePlain(cx: MakeContext): Select {
  const { random } = cx
  const from = makeTable(cx)
  const scope = scopeOf(from)
  const where = random(3) > 0 ? makeFilter(random, scope) : null
  const select = projected(cx, scope, makeTypes(random))
  return { kind: 'select', from, where, distinct: false, top: null, ...select }
}

function makeTypes(random: Random): readonly ScalarType[] {
  return Array.from({ length: 1 + random(4) }, () => pickType(random))
}

type SelectList = Pick<Select, 'items' | 'groupBy' | 'sets' | 'having'>

function projected(cx: MakeContext, scope: Scope, types: readonly ScalarType[]): SelectList {
  const { random } = cx
  const items = types.map(type =>
    random(12) === 0 ? makeScalar(cx, scope, type) : makeExpr(random, scope, type, 2)
  )
  return { items, groupBy: null, sets: null, having: null }
}

/** Each column is made of group keys and aggregates. */
function grouped(cx: MakeContext, scope: Scope, types: readonly ScalarType[] | null): SelectList {
  const { random } = cx
  const keys = Array.from({ length: random(3) }, () => makeGroupKey(random, scope))
  const groupBy = [...new Map(keys.map(key => [JSON.stringify(key), key])).values()]
  const sets =
    groupBy.length > 0 && random(3) === 0
      ? pick(random, ['ROLLUP', 'CUBE', 'GROUPING SETS'] as const)
      : null
  const grouping: readonly Expr[] =
    sets === null ? [] : groupBy.map(key => ({ kind: 'grouping', type: 'INT', key }))
  const wanted = types ?? Array.from({ length: 1 + random(4) }, () => null)
  const items = wanted.map(type => {
    const keys = [...groupBy, ...grouping].filter(key => type === null || key.type === type)
    if (keys.length > 0 && random(5) < 2) return pick(random, keys)
    const aggregate = withSubqueries(cx, scope, makeAggregate(random, scope, type))
    if (random(4) > 0) return aggregate
    return makeExpr(random, [...groupBy, ...grouping, aggregate], aggregate.type, 1)
  })
  const having = random(4) === 0 ? makeHaving(cx, scope) : null
  return { items, groupBy, sets, having }
}

/** Of each row, before there are groups. */
function withSubqueries(cx: MakeContext, scope: Scope, aggregate: AggregateExpr): AggregateExpr {
  const { argument, order } = aggregate
  switch (cx.random(12)) {
    case 0:
      return { ...aggregate, filter: makeSubquery(cx, scope) }
    case 1: {
      // What it is in order by is written again, and would be another query.
      if (argument === null || order !== null) return aggregate
      return { ...aggregate, argument: makeScalar(cx, scope, argument.type) }
    }
    default:
      return aggregate
  }
}

/** A number without a column would be the place of one. */
function makeGroupKey(random: Random, scope: Scope): Expr {
  const column = pick(random, scope)
  const expr = random(3) === 0 ? makeExpr(random, scope, column.type, 1) : column
  return readsColumn(expr) ? expr : column
}

function readsColumn(expr: Expr): boolean {
  return expr.kind === 'column' || (expr.kind === 'apply' && expr.args.some(readsColumn))
}

/** Of numbers that are the same in whatever order they are summed up. */
function makeHaving(cx: MakeContext, scope: Scope): Expr {
  const { random } = cx
  const type = pick(random, ['BIGINT', 'INT', 'TEXT'] as const)
  const aggregate = makeAggregate(random, scope, type)
  const limit = random(5) === 0 ? makeScalar(cx, [], type) : makeExpr(random, [], type, 0)
  return applyTo((a, b) => `(${a} >= ${b})`, aggregate, limit)
}

function makeTop(random: Random, columns: number): Top {
  const rank = pick(random, ['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'LIMIT'] as const)
  const first = random(columns)
  const all = Array.from({ length: columns }, (_, i) => (first + i) % columns)
  const tellsApart = rank === 'ROW_NUMBER' || rank === 'LIMIT'
  return {
    rank,
    partition: rank === 'LIMIT' || random(3) === 0 ? [] : [random(columns)],
    order: tellsApart ? all : [first],
    descending: random(2) === 0,
    count: 1 + random(3)
  }
}

function makeTable(cx: MakeContext): Relation {
  return { kind: 'table', table: pick(cx.random, tableNames), name: cx.name() }
}

function makeRelation(cx: MakeContext, depth: number): Relation {
  const choice = cx.random(5)
  if (depth === 0 || choice > 2) return makeTable(cx)
  return choice === 2 ? makeDerived(cx, depth) : makeJoin(cx, depth)
}

function makeDerived(cx: MakeContext, depth: number): DerivedRelation {
  const { made, random } = cx
  if (made.length > 0 && random(4) === 0) return { ...pick(random, made), name: cx.name() }
  const as = pick(random, ['subquery', 'subquery', 'view', 'table'] as const)
  const query = makeNested(cx, depth - 1, null)
  const derived = { kind: 'derived', query, as, name: cx.name() } as const
  made.push(derived)
  return derived
}

function makeJoin(cx: MakeContext, depth: number): Relation {
  const { random } = cx
  const left = makeRelation(cx, depth - 1)
  const right = random(4) === 0 ? makeDerived(cx, depth) : makeTable(cx)
  const on = makeJoinCondition(random, scopeOf(left), scopeOf(right))
  if (on === null) return { kind: 'join', join: 'CROSS', left, right, on }
  return { kind: 'join', join: pick(random, ['INNER', 'LEFT', 'RIGHT', 'FULL']), left, right, on }
}

/** Now and then without an equality; null: there is nothing to join by. */
function makeJoinCondition(random: Random, left: Scope, right: Scope): Expr | null {
  const pairs = left.flatMap(a => right.filter(b => b.type === a.type).map(b => [a, b] as const))
  if (pairs.length === 0) return null
  if (random(10) === 0) return makeExpr(random, [...left, ...right], 'BOOLEAN', 2)
  const equal = equality(...pick(random, pairs))
  if (random(3) > 0) return equal
  return and(equal, makeExpr(random, [...left, ...right], 'BOOLEAN', 1))
}

/** With subqueries now and then. */
function makeCondition(cx: MakeContext, scope: Scope, depth: number): Expr {
  const { random } = cx
  const plain = makeFilter(random, scope)
  if (depth === 0 || random(3) > 0) return plain
  const subquery = makeSubquery(cx, scope)
  return pick(random, [subquery, and(subquery, plain), or(subquery, plain)])
}

/** Two of three let about half of the rows through; the others may be anything, also constant. */
function makeFilter(random: Random, scope: Scope): Expr {
  const condition = makeExpr(random, scope, 'BOOLEAN', 2)
  switch (random(3)) {
    case 0:
      return condition
    case 1:
      return applyTo(a => `(${a} IS NOT FALSE)`, condition)
    default: {
      const column = pick(random, scope)
      return applyTo((a, b) => `(${a} <> ${b})`, column, makeExpr(random, [], column.type, 0))
    }
  }
}

function makeSubquery(cx: MakeContext, outer: Scope): Expr {
  const { random } = cx
  const not = random(3) === 0
  const { scope, select } = makeInner(cx, outer)
  switch (random(4)) {
    case 0: {
      const value = pick(random, outer)
      const items = [makeExpr(random, scope, value.type, 1)]
      const query: Select = { ...select, items, groupBy: null }
      return { kind: 'in', type: 'BOOLEAN', not, value, query }
    }
    case 3: {
      const value = pick(random, outer)
      const comparison = `${pick(random, comparisons)} ${pick(random, ['ANY', 'ALL'])}`
      const items = [makeExpr(random, scope, value.type, 1)]
      const query: Select = { ...select, items, groupBy: null }
      return { kind: 'quantified', type: 'BOOLEAN', comparison, value, query }
    }
    case 1: {
      const items: readonly Expr[] = [{ kind: 'literal', type: 'INT', value: '1' }]
      return { kind: 'exists', type: 'BOOLEAN', not, query: { ...select, items, groupBy: null } }
    }
    default: {
      const value = pick(
        random,
        outer.filter(({ type }) => type !== 'DOUBLE' && type !== 'DECIMAL')
      )
      const other = value ?? makeExpr(random, [], 'BIGINT', 0)
      return equality(other, makeScalar(cx, outer, other.type))
    }
  }
}

/** Rows of a table, of which every second query takes those that belong to the row around it. */
function makeInner(cx: MakeContext, outer: Scope) {
  const { random } = cx
  const from = random(4) === 0 ? makeTableJoin(cx) : makeTable(cx)
  const scope = scopeOf(from)
  const condition = makeExpr(random, scope, 'BOOLEAN', 1)
  const correlation = random(2) === 0 ? makeJoinCondition(random, outer, scope) : null
  const where = correlation ?? condition
  const plain = { kind: 'select', distinct: false, top: null, having: null, sets: null } as const
  return { scope, select: { ...plain, from, where } }
}

/** The batch engine has no correlated subqueries over outer joins. */
function makeTableJoin(cx: MakeContext): Relation {
  const [left, right] = [makeTable(cx), makeTable(cx)]
  const on = makeJoinCondition(cx.random, scopeOf(left), scopeOf(right))
  return { kind: 'join', join: 'INNER', left, right, on }
}

/** An aggregate of the inner rows. */
function makeScalar(cx: MakeContext, outer: Scope, type: ScalarType): Expr {
  const { scope, select } = makeInner(cx, outer)
  const items = [makeAggregate(cx.random, scope, type)]
  return { kind: 'scalar', type: items[0]!.type, query: { ...select, items, groupBy: [] } }
}

function equality(a: Expr, b: Expr): Expr {
  return applyTo((left, right) => `(${left} = ${right})`, a, b)
}

function and(a: Expr, b: Expr): Expr {
  return applyTo((left, right) => `(${left} AND ${right})`, a, b)
}

function or(a: Expr, b: Expr): Expr {
  return applyTo((left, right) => `(${left} OR ${right})`, a, b)
}

/** A condition over given expressions. */
function applyTo(show: (a: string, b: string) => string, ...args: readonly Expr[]): Expr {
  const operation = {
    result: 'BOOLEAN',
    args: args.map(({ type }) => type),
    show: (a = '', b = '') => show(a, b)
  } as const
  return { kind: 'apply', type: 'BOOLEAN', operation, args }
}

function scopeOf(relation: Relation): Scope {
  const column = (name: string, type: ScalarType): ColumnExpr => ({
    ...{ kind: 'column', type, name },
    relation: relation.kind === 'join' ? '' : relation.name
  })
  switch (relation.kind) {
    case 'table':
      return columnTypes.map(([name, type]) => column(name, type))
    case 'derived':
      return columnTypesOf(relation.query).map((type, i) => column(`c${i}`, type))
    case 'join':
      return [...scopeOf(relation.left), ...scopeOf(relation.right)]
  }
}
