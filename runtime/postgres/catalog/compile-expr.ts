import { castValue, nameOf } from './cast-value.ts'
import { elementOf, isList, type Value } from './catalog-types.ts'
import { compileCall } from './compile-call.ts'
import { compileQuery } from './compile-query.ts'
import { notAnswered } from './not-answered.ts'
import { commonType, compareNullable, compareValues, operatorOf } from './operators.ts'
import type { Compiled, CompiledOrder, Env, Scope } from './scope.ts'
import type { ExprSyntax, NestedSyntax, OrderSyntax, QuerySyntax } from './syntax.ts'

type Of<Kind extends ExprSyntax['kind']> = Extract<ExprSyntax, { readonly kind: Kind }>

type Compilers = {
  readonly [Kind in ExprSyntax['kind']]: (expr: Of<Kind>, scope: Scope) => Compiled
}

const compilers: Compilers = {
  literal: expr => ({ ...expr, of: () => expr.value }),
  column: ({ parts }, scope) => scope.column(parts),
  call: compileCall,
  operator: compileOperator,
  cast: ({ expr, type }, scope) => cast(compileExpr(expr, scope), type, scope),
  case: compileCase,
  quantified: compileQuantified,
  exists: compileNested,
  scalar: compileNested,
  'array-query': compileNested,
  array: compileArray,
  row({ items }, scope) {
    const compiled = items.map(item => compileExpr(item, scope))
    return { type: 'record', of: env => compiled.map(item => item.of(env)) }
  },
  subscript: compileSubscript,
  field: compileField,
  is({ expr, what }, scope) {
    const inner = compileExpr(expr, scope)
    return { type: 'bool', of: env => inner.of(env) === what }
  },
  same(expr, scope) {
    const sides = [compileExpr(expr.left, scope), compileExpr(expr.right, scope)] as const
    const [left, right] = alike(...sides, scope)
    return { type: 'bool', of: env => compareNullable(left.of(env), right.of(env), false) === 0 }
  }
}

export function compileExpr(expr: ExprSyntax, scope: Scope): Compiled {
  return compilers[expr.kind](expr as never, scope)
}

export function cast(
  inner: Compiled,
  type: string,
  { catalogue }: Pick<Scope, 'catalogue'>
): Compiled {
  if (inner.type === type) return inner
  if (inner.start !== undefined) catalogue.literals.set(inner.start, type)
  return { type, of: env => castValue(inner.of(env), inner.type, type, catalogue) }
}

export function compileOrder(order: readonly OrderSyntax[], scope: Scope): CompiledOrder[] {
  return order.map(({ expr, ...how }) => ({ value: compileExpr(expr, scope), ...how }))
}

/** Both as something that can be compared. */
function alike(left: Compiled, right: Compiled, scope: Scope): readonly [Compiled, Compiled] {
  const type = commonType(left.type, right.type)
  return type === null ? [left, right] : [cast(left, type, scope), cast(right, type, scope)]
}

function compileOperator({ operator, left, right }: Of<'operator'>, scope: Scope): Compiled {
  const second = compileExpr(right, scope)
  if (operator === 'not') {
    return { type: 'bool', of: env => not(second.of(env)) }
  }
  if (left === null) {
    const sign = operator === '-' ? -1 : 1
    return { type: second.type, of: env => signed(second.of(env), sign) }
  }
  const first = compileExpr(left, scope)
  if (operator === 'and' || operator === 'or') {
    // What decides by itself, whatever the other side is.
    const decides = operator === 'or'
    const of = (env: Env): Value => {
      const a = first.of(env)
      if (a === decides) return a
      const b = second.of(env)
      return b === decides ? b : a === null || b === null ? null : !decides
    }
    return { type: 'bool', of }
  }
  return compileBinary(operator, first, second, scope)
}

function compileBinary(
  operator: string,
  first: Compiled,
  second: Compiled,
  scope: Scope
): Compiled {
  const show = (type: string) => (value: Value) => nameOf(value, type, scope.catalogue)
  const [left, right] = operator === '||' ? [first, second] : alike(first, second, scope)
  const shows = [show(left.type), show(right.type)] as const
  const { type, operate } = operatorOf(operator, left.type, right.type, shows)
  return {
    type,
    of(env) {
      const [a, b] = [left.of(env), right.of(env)]
      return a === null || b === null ? null : operate(a, b)
    }
  }
}

function not(value: Value): Value {
  return value === null ? null : !value
}

function signed(value: Value, sign: number): Value {
  return value === null ? null : sign * (value as number)
}

function compileCase({ base, branches, otherwise }: Of<'case'>, scope: Scope): Compiled {
  const tests = branches.map(([when]) =>
    compileExpr(
      base === null ? when : { kind: 'operator', operator: '=', left: base, right: when },
      scope
    )
  )
  const last: ExprSyntax = otherwise ?? { kind: 'literal', value: null, type: 'unknown' }
  const results = compileAlike([...branches.map(([, then]) => then), last], scope)
  return {
    type: results[0]!.type,
    of: env =>
      results[
        found(
          tests.findIndex(test => test.of(env) === true),
          tests.length
        )
      ]!.of(env)
  }
}

function found(index: number, otherwise: number): number {
  return index < 0 ? otherwise : index
}

/** Of one type: that of the first which has one. */
export function compileAlike(exprs: readonly ExprSyntax[], scope: Scope): Compiled[] {
  const compiled = exprs.map(expr => compileExpr(expr, scope))
  const type = compiled.find(one => one.type !== 'unknown')?.type ?? 'text'
  return compiled.map(one => cast(one, type, scope))
}

function compileArray({ items }: Of<'array'>, scope: Scope): Compiled {
  const compiled = compileAlike(items, scope)
  const type = `_${compiled[0]?.type ?? 'text'}`
  return { type, of: env => compiled.map(item => item.of(env)) }
}

function compileQuantified(
  { operator, all, left, right }: Of<'quantified'>,
  scope: Scope
): Compiled {
  const first = compileExpr(left, scope)
  const { type, of: listOf } = compileList(right, first, scope)
  const item: { value: Value } = { value: null }
  const test = compileBinary(operator, first, { type, of: () => item.value }, scope)
  return {
    type: 'bool',
    of(env) {
      const list = listOf(env)
      if (list === null) return null
      let isUnknown = false
      for (item.value of list) {
        const found = test.of(env)
        if (found === null) isUnknown = true
        else if (found !== all) return found
      }
      return isUnknown ? null : all
    }
  }
}

/** What a value is compared with one by one. */
function compileList(
  right: Of<'quantified'>['right'],
  left: Compiled,
  scope: Scope
): { readonly type: string; readonly of: (env: Env) => readonly Value[] | null } {
  if (isItems(right)) {
    const items = right.map(item => compileExpr(item, scope))
    const type = items.find(item => item.type !== 'unknown')?.type ?? 'unknown'
    const same = items.map(item => cast(item, type, scope))
    return { type, of: env => same.map(item => item.of(env)) }
  }
  if ('body' in right) {
    const query = compileQuery(right, scope.inside())
    const isRow = query.columns.length > 1
    const type = isRow ? 'record' : query.columns[0]!.type
    return { type, of: env => query.rows(env).map(row => (isRow ? row : row[0]!)) }
  }
  const list = compileExpr(right, scope)
  const known = list.type === 'unknown' ? cast(list, listOf(left.type), scope) : list
  const of = (env: Env) => known.of(env) as readonly Value[] | null
  return { type: elementOf(known.type) ?? 'unknown', of }
}

function listOf(type: string): string {
  return type === 'unknown' ? '_text' : `_${type}`
}

function isItems(
  right: ExprSyntax | QuerySyntax | readonly ExprSyntax[]
): right is readonly ExprSyntax[] {
  return Array.isArray(right)
}

function compileNested({ kind, query }: NestedSyntax, scope: Scope): Compiled {
  const { columns, rows } = compileQuery(query, scope.inside())
  if (kind === 'exists') return { type: 'bool', of: env => rows(env).length > 0 }
  const { type } = columns[0]!
  if (kind === 'array-query') {
    return { type: listOf(type), of: env => rows(env).map(row => row[0]!) }
  }
  return {
    type,
    of(env) {
      const found = rows(env)
      if (found.length > 1) throw notAnswered('a query in it gives more than one row')
      return found[0]?.[0] ?? null
    }
  }
}

/** Vectors count from 0, arrays from 1. */
function compileSubscript({ expr, index }: Of<'subscript'>, scope: Scope): Compiled {
  const list = compileExpr(expr, scope)
  const at = compileExpr(index, scope)
  const first = /vector$/.test(list.type) ? 0 : 1
  return {
    type: elementOf(list.type) ?? 'text',
    of(env) {
      const items = list.of(env)
      return isList(items) ? (items[Number(at.of(env)) - first] ?? null) : null
    }
  }
}

/** Of what `_pg_expandarray` gives: the only rows with names. */
function compileField({ expr, name }: Of<'field'>, scope: Scope): Compiled {
  const row = compileExpr(expr, scope)
  const at = ['x', 'n'].indexOf(name)
  if (at < 0 || row.type !== 'record') throw notAnswered(`it asks for a field ${name}`)
  return { type: 'int4', of: env => (row.of(env) as readonly Value[] | null)?.[at] ?? null }
}

export function sortBy<T>(
  items: readonly T[],
  order: readonly Omit<CompiledOrder, 'value'>[],
  keysOf: (item: T) => readonly Value[]
): T[] {
  const keyed = items.map(item => ({ item, keys: keysOf(item) }))
  keyed.sort((a, b) => {
    for (const [i, { descending, nullsFirst }] of order.entries()) {
      const [x, y] = [a.keys[i]!, b.keys[i]!]
      const found =
        x === null || y === null
          ? compareNullable(x, y, nullsFirst)
          : (descending ? -1 : 1) * compareValues(x, y)
      if (found !== 0) return found
    }
    return 0
  })
  return keyed.map(({ item }) => item)
}
