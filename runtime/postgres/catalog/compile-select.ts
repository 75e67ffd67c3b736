import { compileExpr } from './compile-expr.ts'
import { compileFrom, conjuncts, crossJoin } from './compile-from.ts'
import type { RowSource } from './row-source.ts'
import type { CompiledQuery } from './compile-query.ts'
import type { Value } from './catalog-types.ts'
import { notAnswered } from './not-answered.ts'
import type { Compiled, Env, Scope, ScopeColumn } from './scope.ts'
import { expand, groups, shape, withWindows } from './shape-rows.ts'
import type { ExprSyntax, ItemSyntax, OrderSyntax, SelectSyntax } from './syntax.ts'

type Row = readonly Value[]

export function compileSelect(
  select: SelectSyntax,
  order: readonly OrderSyntax[],
  scope: Scope
): CompiledQuery {
  const { source, rest } = compileSources(select, scope)
  const own = scope.with(source.columns)
  const tests = rest.map(condition => compileExpr(condition, own))
  const items = select.items.flatMap(item => compileItem(item, own))
  const columns = items.map(({ name, value }) => ({ name, type: value.type }))
  const group = select.group.map(expr => compileGroupKey(expr, select.items, columns, own))
  const having = select.having === null ? null : compileExpr(select.having, own)
  const sorts = order.map(({ expr, ...how }) => {
    const at = outputPlace(expr, columns)
    return { ...how, value: at === null ? compileExpr(expr, own) : items[at]!.value }
  })
  const on = Array.isArray(select.distinct)
    ? (select.distinct as readonly ExprSyntax[]).map(expr => compileExpr(expr, own))
    : []
  const { asked } = own
  const isGrouped = asked.isGrouped || group.length > 0 || having !== null
  const rows = (around: Env): readonly Row[] => {
    const work = scope.catalogue.work
    const read = source.rows({ row: [], around }).filter(row => {
      work.step()
      return tests.every(test => test.of({ row, around }) === true)
    })
    let envs: Env[] = isGrouped
      ? groups(read, group, around, source.columns.length)
      : read.map(row => ({ row, around }))
    if (having !== null) envs = envs.filter(env => having.of(env) === true)
    if (asked.windows.length > 0) envs = withWindows(envs, asked.windows)
    if (asked.sets.length > 0) envs = envs.flatMap(env => expand(env, asked.sets))
    const selected = envs.map(env => ({
      row: items.map(({ value }) => value.of(env)),
      keys: [...sorts, ...on.map(value => ({ value }))].map(({ value }) => value.of(env))
    }))
    return shape(selected, sorts, select.distinct)
  }
  return { columns, rows }
}

/** `rest`: the conditions of WHERE that say nothing of which rows of two tables meet. */
function compileSources({ from, where }: SelectSyntax, scope: Scope) {
  let rest = conjuncts(where)
  let source: RowSource = { columns: [], rows: () => [[]], isLateral: false }
  for (const [i, one] of from.entries()) {
    const next = compileFrom(one, scope, source.columns)
    if (i === 0) {
      source = next
      continue
    }
    const both = [...source.columns, ...next.columns]
    const meets = rest.filter(condition => isJoin(condition, both))
    rest = rest.filter(condition => !meets.includes(condition))
    source = crossJoin(source, next, meets, scope)
  }
  return { source, rest }
}

/** Two columns that are equal, both there by now. */
function isJoin(condition: ExprSyntax, columns: readonly ScopeColumn[]): boolean {
  if (condition.kind !== 'operator' || condition.operator !== '=') return false
  return [condition.left, condition.right].every(
    side =>
      side?.kind === 'column' &&
      columns.some(
        ({ table, name }) =>
          name === side.parts.at(-1) && (side.parts.length === 1 || table === side.parts.at(-2))
      )
  )
}

function compileItem(item: ItemSyntax, scope: Scope): { name: string; value: Compiled }[] {
  if (item.kind === 'expr') return [{ name: item.name, value: compileExpr(item.expr, scope) }]
  return scope.columns.flatMap(({ table, name, type, hidden }, i) => {
    const isShown = item.table === null ? !hidden : table === item.table
    return isShown ? [{ name, value: { type, of: ({ row }: Env) => row[i]! } }] : []
  })
}

/** A place, a name of what is selected, or an expression. */
function compileGroupKey(
  expr: ExprSyntax,
  items: readonly ItemSyntax[],
  columns: readonly { readonly name: string }[],
  scope: Scope
): Compiled {
  const isOwn =
    expr.kind === 'column' && scope.columns.some(({ name }) => name === expr.parts.at(-1))
  const at = isOwn || items.some(({ kind }) => kind === 'star') ? null : outputPlace(expr, columns)
  const item = at === null ? undefined : items[at]
  return compileExpr(item?.kind === 'expr' ? item.expr : expr, scope)
}

/** `ORDER BY 2`, or the name of a column of what is selected. */
export function outputPlace(
  expr: ExprSyntax,
  columns: readonly { readonly name: string }[]
): number | null {
  if (expr.kind === 'literal' && typeof expr.value === 'number') {
    if (columns[expr.value - 1] === undefined) throw notAnswered(`there is no column ${expr.value}`)
    return expr.value - 1
  }
  if (expr.kind !== 'column' || expr.parts.length !== 1) return null
  const at = columns.findIndex(({ name }) => name === expr.parts[0])
  return at < 0 ? null : at
}
