import { compileSetCall } from './compile-call.ts'
import { compileExpr } from './compile-expr.ts'
import { elementOf, isList, type Value } from './catalog-types.ts'
import { compileQuery } from './compile-query.ts'
import { joinRows, type JoinKeys } from './join-rows.ts'
import { notAnswered } from './not-answered.ts'
import type { Compiled, Env, Scope, ScopeColumn } from './scope.ts'
import { setFunctions } from './set-functions.ts'
import type { AliasSyntax, ExprSyntax, FromSyntax } from './syntax.ts'
import type { RowSource } from './row-source.ts'

type Row = readonly Value[]

type Of<Kind extends FromSyntax['kind']> = Extract<FromSyntax, { kind: Kind }>

/** `before`: the columns of what stands before it. */
export function compileFrom(
  from: FromSyntax,
  scope: Scope,
  before: readonly ScopeColumn[]
): RowSource {
  switch (from.kind) {
    case 'table':
      return compileTable(from, scope)
    case 'query': {
      const beside = scope.with(before)
      const { columns, rows } = compileQuery(from.query, beside.inside())
      const named = rename(columns, from.alias)
      const of = (env: Env): readonly Row[] => rows(env)
      return { columns: named, rows: of, isLateral: beside.named.size > 0 }
    }
    case 'function':
      return compileFunction(from, scope.with(before))
    case 'join':
      return compileJoin(from, scope, before)
  }
}

function rename(
  columns: readonly Omit<ScopeColumn, 'table'>[],
  { name, columns: names }: AliasSyntax,
  table = name ?? ''
): ScopeColumn[] {
  return columns.map((column, i) => ({ ...column, table, name: names[i] ?? column.name }))
}

function compileTable({ parts, alias }: Of<'table'>, scope: Scope): RowSource {
  const name = parts.at(-1)!
  const query = parts.length === 1 ? scope.queries.get(name) : undefined
  const found = query ?? scope.catalogue.table(parts)
  if (found === null) throw notAnswered(`it reads ${parts.join('.')}`)
  const columns = rename(found.columns, alias, alias.name ?? name)
  // A table of the catalogue is the same everywhere.
  const hops = query === undefined ? 0 : hopsTo(query.around, scope)
  return {
    columns,
    rows(env) {
      let home = env
      for (let i = 0; i < hops; i++) home = home.around!
      return found.rows(home.around)
    },
    isLateral: false
  }
}

/** How many queries a name of WITH is used inside of the one that has it. */
function hopsTo(around: Scope | null, scope: Scope): number {
  let hops = 0
  for (let one = scope; one.around !== around; one = one.around!) hops++
  return hops
}

/** A function of one row has one, whose only column is called as the function. */
function compileFunction({ call, ordinality, alias }: Of<'function'>, scope: Scope): RowSource {
  const isSet = Object.hasOwn(setFunctions, call.name)
  const values = isSet ? compileSetCall(call, scope) : compileExpr(call, scope)
  const set = isSet ? setFunctions[call.name]! : null
  const type = set === null ? values.type : set.type(elementOf(values.type))
  const name = alias.columns[0] ?? set?.column ?? alias.name ?? call.name
  const place = ordinality ? [{ name: 'ordinality', type: 'int8' }] : []
  const own =
    type === 'record' ? ['x', 'n'].map(field => ({ name: field, type: 'int4' })) : [{ name, type }]
  const columns = rename([...own, ...place], { ...alias, name: alias.name ?? call.name })
  const rows = (env: Env): readonly Row[] => {
    const value = values.of(env)
    const items = isSet ? (isList(value) ? value : []) : [value]
    return items.map((item, i) => [
      ...(type === 'record' && isList(item) ? item : [item]),
      ...(ordinality ? [i + 1] : [])
    ])
  }
  return { columns, rows, isLateral: scope.named.size > 0 }
}

function compileJoin(from: Of<'join'>, scope: Scope, before: readonly ScopeColumn[]): RowSource {
  const left = compileFrom(from.left, scope, before)
  const right = compileFrom(from.right, scope, [...before, ...left.columns])
  const rightColumns = right.columns.map(column =>
    from.using.includes(column.name) ? { ...column, hidden: true } : column
  )
  const columns = [...left.columns, ...rightColumns]
  const conditions = [...from.using.map(name => sameName(name, left, right)), ...conjuncts(from.on)]
  const join = joinOn(conditions, left, { ...right, columns: rightColumns }, scope)
  return {
    columns,
    rows: env => joinRows(from.join, left, right, join, env, scope.catalogue.work),
    isLateral: left.isLateral || right.isLateral
  }
}

/** Of tables between commas: `conditions` of both, from WHERE, say which rows meet. */
export function crossJoin(
  left: RowSource,
  right: RowSource,
  conditions: readonly ExprSyntax[],
  scope: Scope
): RowSource {
  const join = joinOn(conditions, left, right, scope)
  return {
    columns: [...left.columns, ...right.columns],
    rows: env => joinRows('inner', left, right, join, env, scope.catalogue.work),
    isLateral: left.isLateral || right.isLateral
  }
}

function sameName(name: string, left: RowSource, right: RowSource): ExprSyntax {
  const side = ({ columns }: RowSource): ExprSyntax => {
    const column = columns.find(one => one.name === name && !one.hidden)
    if (column === undefined) throw notAnswered(`USING names no column ${name} of both`)
    return { kind: 'column', parts: [column.table, name] }
  }
  return { kind: 'operator', operator: '=', left: side(left), right: side(right) }
}

/** What all has to hold. */
export function conjuncts(expr: ExprSyntax | null): readonly ExprSyntax[] {
  if (expr === null) return []
  if (expr.kind !== 'operator' || expr.operator !== 'and') return [expr]
  return [...conjuncts(expr.left), ...conjuncts(expr.right)]
}

/** What has to be equal on both sides is looked up, the rest is tested on each pair. */
function joinOn(
  conditions: readonly ExprSyntax[],
  left: RowSource,
  right: RowSource,
  scope: Scope
): JoinKeys {
  const keys: { left: Compiled; right: Compiled }[] = []
  const tests: Compiled[] = []
  for (const condition of conditions) {
    const key = equality(condition, left, right, scope)
    if (key === null)
      tests.push(compileExpr(condition, scope.with([...left.columns, ...right.columns])))
    else keys.push(key)
  }
  return { keys, test: env => tests.every(test => test.of(env) === true) }
}

/** Both sides of an equality, each of one side of the join; null: it is none. */
function equality(condition: ExprSyntax, left: RowSource, right: RowSource, scope: Scope) {
  if (condition.kind !== 'operator' || condition.operator !== '=') return null
  const sides = [condition.left!, condition.right]
  for (const [a, b] of [sides, sides.toReversed()]) {
    const first = ofSide(a!, left, scope)
    const second = ofSide(b!, right, scope)
    if (first !== null && second !== null && first.type === second.type) {
      return { left: first, right: second }
    }
  }
  return null
}

/** Only the plainest: a column of this side. */
function ofSide(expr: ExprSyntax, { columns }: RowSource, scope: Scope): Compiled | null {
  if (expr.kind !== 'column') return null
  const name = expr.parts.at(-1)!
  const table = expr.parts.at(-2) ?? null
  const isOwn = columns.some(
    column => column.name === name && (table === null ? !column.hidden : column.table === table)
  )
  return isOwn ? scope.with(columns).column(expr.parts) : null
}
