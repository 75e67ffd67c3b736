import type { CallExpression, Expression, Select, SelectItem } from '../../ast/index.ts'
import { duplicateColumn, notSupportedYet } from '../../diagnostics/bind.ts'
import {
  type BoundRelation,
  type BoundSelect,
  type Expr,
  makeColumn,
  makeSelect,
  type Unnest
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { Column, RowType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { fieldOf } from '../expressions/bind-composite.ts'
import type { CommonTables } from './with-tables.ts'
import { bindSelect } from './bind-select.ts'
import { elementType, nameOfElement, REPEATED, unnestOf, zip } from './bind-unnest.ts'

/** Whether an expression is `UNNEST(array)`. */
export function isUnnestCall(expression: Expression): expression is CallExpression {
  if (expression.kind !== 'Call' || expression.args.length !== 1) return false
  return showName(expression.name).toLowerCase() === 'unnest'
}

/** Whether a select list makes rows of arrays. */
export function unnestsItems({ items }: Select): boolean {
  return items.some(({ expression }) => isUnnestCall(expression))
}

/**
 * SELECT with UNNEST in its select list: the rows without it have the arrays, and behind them each is repeated with their
 * elements, side by side, as in PostgreSQL. Null after a diagnostic.
 */
export function bindUnnestItems(
  select: Select,
  tables: CommonTables,
  cx: BindContext
): BoundSelect | null {
  const { span } = select
  const listed = withArrays(select, cx)
  const rows = listed === null ? null : bindSelect(listed.select, tables, cx)
  if (rows === null) return null
  const exprs = rows.items.map(({ expr }) => expr)
  const elements = bindElements(rows.schema, exprs, listed!.arrays, span, cx)
  if (elements === null) return null
  const { unnest, items, schema } = elements
  const input: BoundRelation = { kind: 'Derived', name: '', query: rows, schema: rows.schema, span }
  const named = items.map((expr, i) => ({ name: schema.columns[i]!.name, expr }))
  return makeSelect(unnestOf(input, unnest, span), named, schema, span)
}

interface WithArrays {
  /** It selects the arrays where they were taken apart. */
  readonly select: Select
  /** By what such a column is called: what its elements are called. */
  readonly arrays: ReadonlyMap<string, string>
}

/** Null after a diagnostic. */
export function withArrays(select: Select, cx: BindContext): WithArrays | null {
  if (groupsElements(select, cx)) return null
  const arrays = new Map<string, string>()
  const items = select.items.map((item, i): SelectItem => {
    const { expression, alias } = item
    if (!isUnnestCall(expression)) return item
    // No name that a script can give.
    const name = `\0array ${i}`
    arrays.set(name, alias?.name ?? nameOfElement(0))
    const column = { ...(alias ?? expression.name.parts[0]!), name }
    return { ...item, expression: expression.args[0]!.value, alias: column }
  })
  return { select: { ...select, items }, arrays }
}

interface Elements {
  readonly unnest: Unnest
  /** Over the row and its element. */
  readonly items: readonly Expr[]
  readonly schema: RowType
}

/** What the rows of such a SELECT, which it made by `exprs`, are with elements in place of arrays; null after a diagnostic. */
export function bindElements(
  { columns }: RowType,
  exprs: readonly Expr[],
  arrays: WithArrays['arrays'],
  span: Span,
  cx: BindContext
): Elements | null {
  const all = columns.map((column, i) => makeColumn(i, column, exprs[i]!.span))
  const listed = all.filter(({ name }) => arrays.has(name))
  const areArrays = listed.map(array => elementType(array, cx)).every(type => type !== null)
  const array = areArrays ? zip(listed, span, cx) : null
  const type = array === null ? null : elementType(array, cx)
  if (array === null || type === null) return null
  const element: Column = { name: REPEATED, type, nullable: true }
  const item = makeColumn(columns.length, element, span)
  const items = all.map(column => {
    if (!arrays.has(column.name)) return column
    return listed.length === 1 ? item : fieldOf(item, listed.indexOf(column), span)
  })
  const names = all.map(({ name }) => arrays.get(name) ?? name)
  const twice = names.findIndex((name, i) => names.indexOf(name) < i)
  if (twice >= 0) {
    report(cx, duplicateColumn(names[twice]!, all[twice]!.span, 'query'))
    return null
  }
  const own = items.map(({ type, nullable }, i) => ({ name: names[i]!, type, nullable }))
  return { unnest: { array, join: 'INNER', columns: [element] }, items, schema: { columns: own } }
}

/** Whether GROUP BY means an item that is made of elements: told here. */
function groupsElements({ items, groupBy }: Select, cx: BindContext): boolean {
  const found = groupBy.find(
    element => element.kind === 'GroupBy' && isUnnestCall(itemMeant(items, element.expression))
  )
  if (found === undefined) return false
  const hint = 'Write FROM ..., UNNEST(array) AS t (x), and GROUP BY x.'
  report(cx, notSupportedYet('GROUP BY of UNNEST in the select list', found.span, hint))
  return true
}

/** The item that an expression means by its place or its alias, else the expression itself. */
function itemMeant(items: Select['items'], expression: Expression): Expression {
  const alias = expression.kind === 'Name' ? showName(expression.name).toLowerCase() : null
  const item =
    expression.kind === 'NumberLiteral'
      ? items[Number(expression.text) - 1]
      : items.find(({ alias: name }) => name !== null && name.name.toLowerCase() === alias)
  return item?.expression ?? expression
}
