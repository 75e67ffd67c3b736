import type {
  CallExpression,
  Expression,
  GroupingElement,
  Identifier,
  QualifiedName,
  Query,
  Relation,
  Select,
  SelectItem,
  SortItem
} from '../../ast/index.ts'
import type { Span } from '../../source/index.ts'
import { showName } from '../catalog.ts'
import type { BindContext } from '../context.ts'
import { isAggregateCall, isGroupingCall } from './bind-aggregate.ts'
import { bindFrom } from './bind-from.ts'
import { partsOf } from './bind-grouping-sets.ts'
import type { CommonTables } from './with-tables.ts'
import { type Names, namesOf } from './names-in-scope.ts'
import { partsOfExpression, replaceParts } from './walk-expression.ts'

/**
 * A query with groups, in whose select list or HAVING queries stand, as a query of its groups:
 * `SELECT k, count(*) FROM t GROUP BY k HAVING count(*) > (SELECT ...)` is
 * `SELECT k, n FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS t WHERE n > (SELECT ...)`.
 * ORDER BY and LIMIT are those of the groups. Null where there are no queries, or more than keys and aggregates, as window functions.
 */
export function liftGroups(query: Query, tables: CommonTables, cx: BindContext): Query | null {
  const { body } = query
  if (body.kind !== 'Select' || !hasQueriesOfGroups(body, query.orderBy)) return null
  const from = bindFrom(body, tables, cx)
  if (from === null) return null
  const keys = keysOf(body, namesOf(from.input.parts, cx))
  return keys === null ? null : lift(query, body, keys)
}

function hasQueriesOfGroups(select: Select, orderBy: readonly SortItem[]): boolean {
  const sorted = orderBy.map(({ expression }) => expression)
  const told = [...toldBy(select), ...sorted].flatMap(one => [...partsOfExpression(one)])
  const calls = told.filter(part => part.kind === 'Call')
  const isGrouped = select.groupBy.length > 0 || calls.some(isOfGroup)
  return isGrouped && calls.every(call => call.over === null) && told.some(isQuery)
}

function asksQuery(expression: Expression): boolean {
  return [...partsOfExpression(expression)].some(isQuery)
}

function isQuery({ kind }: { readonly kind: string }): boolean {
  return kind === 'Query'
}

function toldBy({ items, having }: Select): readonly Expression[] {
  const listed = items.map(({ expression }) => expression)
  return having === null ? listed : [...listed, having]
}

/** Whether it is something that only a group has. */
function isOfGroup(part: Expression): part is CallExpression {
  return (
    part.kind === 'Call' &&
    (isAggregateCall(part) || isGroupingCall(showName(part.name).toLowerCase()))
  )
}

/** What groups are by. `meaning`: of a name that is no column and that the select list gives. */
interface Keys {
  readonly groupBy: readonly GroupingElement[]
  /** All that are in it, each once. */
  readonly keys: readonly Expression[]
  meaning(expression: Expression): Expression | null
  /** Whether it is a column that is no key: an error, which is said where groups are bound. */
  isStray(expression: Expression): boolean
}

/** Null: a position that there is not. */
function keysOf({ groupBy, items }: Select, columns: Names): Keys | null {
  const meaning = (expression: Expression): Expression | null => {
    if (expression.kind !== 'Name' || expression.name.parts.length > 1) return null
    if (columns.has(expression.name)) return null
    const wanted = showName(expression.name).toLowerCase()
    const item = items.find(({ alias }) => alias?.name.toLowerCase() === wanted)
    return item?.expression ?? null
  }
  let isWrong = false
  const meant = (expression: Expression): Expression => {
    if (expression.kind === 'RowConstructor') {
      return { ...expression, items: expression.items.map(meant) }
    }
    if (expression.kind !== 'NumberLiteral') return meaning(expression) ?? expression
    const item = items[Number(expression.text) - 1]
    isWrong ||= item === undefined
    return item?.expression ?? expression
  }
  const elements = groupBy.map(element => withKeys(element, meant))
  if (isWrong) return null
  const all = elements.flatMap(keysIn).flatMap(partsOf)
  const keys = [...new Map(all.map(key => [textOf(key), key])).values()]
  const named = new Set(keys.map(key => lastPart(key)?.toLowerCase()))
  const isStray = (expression: Expression): boolean =>
    expression.kind === 'Name' &&
    columns.has(expression.name) &&
    !named.has(lastPart(expression)?.toLowerCase())
  return { groupBy: elements, keys, meaning, isStray }
}

function withKeys(
  element: GroupingElement,
  meant: (expression: Expression) => Expression
): GroupingElement {
  switch (element.kind) {
    case 'GroupBy':
      return { ...element, expression: meant(element.expression) }
    case 'Rollup':
    case 'Cube':
      return { ...element, expressions: element.expressions.map(meant) }
    case 'GroupingSets':
      return { ...element, sets: element.sets.map(set => set.map(meant)) }
  }
}

function keysIn(element: GroupingElement): readonly Expression[] {
  switch (element.kind) {
    case 'GroupBy':
      return [element.expression]
    case 'Rollup':
    case 'Cube':
      return element.expressions
    case 'GroupingSets':
      return element.sets.flat()
  }
}

function lift(query: Query, select: Select, groups: Keys): Query | null {
  const { keys, groupBy, meaning, isStray } = groups
  const { span } = select
  const inner: SelectItem[] = []
  const taken = new Set<string>()
  let strays = false
  const give = (expression: Expression, wanted: string): Expression => {
    const free = taken.has(wanted.toLowerCase()) ? `${wanted} ${inner.length + 1}` : wanted
    taken.add(free.toLowerCase())
    const alias = identifier(free, span)
    inner.push({ kind: 'SelectItem', span, expression, alias })
    return nameExpression(alias, expression.span)
  }
  const places = new Map(keys.map(key => [textOf(key), give(key, lastPart(key) ?? 'key')]))
  const outside = (expression: Expression): Expression =>
    replaceParts(expression, part => {
      const key = places.get(textOf(part))
      if (key !== undefined) return key
      if (isOfGroup(part)) {
        const place = give(part, `${showName(part.name)} `)
        places.set(textOf(part), place)
        return place
      }
      strays ||= isStray(part)
      const meant = meaning(part)
      return meant === null ? null : outside(meant)
    })
  const items = select.items.map((item): SelectItem => {
    const { expression, alias } = item
    return { ...item, expression: outside(expression), alias: alias ?? ownName(expression) }
  })
  const where = select.having === null ? null : outside(select.having)
  const orderBy = query.orderBy.map((item): SortItem =>
    isColumn(item.expression, items) ? item : { ...item, expression: outside(item.expression) }
  )
  const told = [...items, ...orderBy].map(({ expression }) => expression)
  // What stands in keys and in arguments of aggregates is asked of each row, before there are groups.
  const isAsked = [...told, ...(where === null ? [] : [where])].some(asksQuery)
  if (strays || !isAsked) return null
  const inside: Query = {
    ...{ ...query, with: [], orderBy: [], limit: null, offset: null },
    body: { ...select, distinct: false, items: inner, groupBy, having: null }
  }
  const alias = aliasOf(select.from)
  const relation = { kind: 'DerivedRelation', span, query: inside, alias } as const
  const body: Select = { ...select, items, from: [relation], where, groupBy: [], having: null }
  return { ...query, body, orderBy, emit: null }
}

/** Whether ORDER BY names a column of the result, or its place. */
function isColumn(expression: Expression, items: readonly SelectItem[]): boolean {
  if (expression.kind === 'NumberLiteral') return true
  if (expression.kind !== 'Name') return false
  const wanted = showName(expression.name).toLowerCase()
  return items.some(({ alias }) => alias?.name.toLowerCase() === wanted)
}

/** The groups go by the name of what they are made of, for queries that read the row around them. */
function aliasOf([only, ...more]: readonly Relation[]) {
  if (only === undefined || more.length > 0 || only.kind === 'JoinRelation') return null
  const named = only.alias?.name ?? (only.kind === 'TableRelation' ? only.name.parts.at(-1)! : null)
  if (named === null) return null
  return { kind: 'Alias', span: only.span, name: named, columns: [] } as const
}

/** What a column is called that has no alias, where its expression is another one now. */
function ownName(expression: Expression): Identifier | null {
  if (expression.kind !== 'Call') return null
  return identifier(showName(expression.name), expression.span)
}

function lastPart(key: Expression): string | null {
  return key.kind === 'Name' ? key.name.parts.at(-1)!.name : null
}

function identifier(name: string, span: Span): Identifier {
  return { kind: 'Identifier', span, name, quoted: true }
}

function nameExpression(name: Identifier, span: Span): Expression {
  const full: QualifiedName = { kind: 'QualifiedName', span, parts: [name] }
  return { kind: 'Name', span, name: full }
}

/** Equal for expressions that are the same but for their places and the case of names. */
function textOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'span' || key === 'quoted') return undefined
    return key === 'name' && typeof value === 'string' ? value.toLowerCase() : value
  })
}
