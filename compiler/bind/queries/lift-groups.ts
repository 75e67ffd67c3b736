import type {
  Expression,
  Identifier,
  QualifiedName,
  Query,
  Relation,
  Select,
  SelectItem
} from '../../ast/index.ts'
import type { Span } from '../../source/index.ts'
import { showName } from '../catalog.ts'
import type { BindContext } from '../context.ts'
import { isAggregateCall, isGroupingCall } from './bind-aggregate.ts'
import { bindFrom } from './bind-from.ts'
import type { CommonTables } from './bind-query.ts'
import { type Names, namesOf } from './names-in-scope.ts'
import { partsOfExpression } from './walk-expression.ts'

/**
 * A query with groups, in whose select list or HAVING queries stand, as a query of its groups:
 * `SELECT k, count(*) FROM t GROUP BY k HAVING count(*) > (SELECT ...)` is
 * `SELECT k, n FROM (SELECT k, count(*) AS n FROM t GROUP BY k) AS t WHERE n > (SELECT ...)`.
 * Null where there are none, or more than keys and aggregates, as window functions.
 */
export function liftGroups(query: Query, tables: CommonTables, cx: BindContext): Query | null {
  const { body } = query
  if (body.kind !== 'Select' || !hasQueriesOfGroups(body)) return null
  const from = bindFrom(body, tables, cx)
  if (from === null) return null
  const keys = keysOf(body, namesOf(from.input.parts, cx))
  return keys === null ? null : lift(query, body, keys)
}

function hasQueriesOfGroups(select: Select): boolean {
  const told = toldBy(select).flatMap(expression => [...partsOfExpression(expression)])
  const calls = told.filter(part => part.kind === 'Call')
  const isOther = calls.some(call => call.over !== null || isGroupingCall(showName(call.name)))
  const isGrouped = select.groupBy.length > 0 || calls.some(isAggregateCall)
  return isGrouped && !isOther && told.some(part => part.kind === 'Query')
}

function toldBy({ items, having }: Select): readonly Expression[] {
  const listed = items.map(({ expression }) => expression)
  return having === null ? listed : [...listed, having]
}

/** What groups are by. `meaning`: of a name that is no column and that the select list gives. */
interface Keys {
  readonly keys: readonly Expression[]
  meaning(expression: Expression): Expression | null
  /** Whether it is a column that is no key: an error, which is said where groups are bound. */
  isStray(expression: Expression): boolean
}

/** Null: grouping sets, or a position that there is not. */
function keysOf({ groupBy, items }: Select, columns: Names): Keys | null {
  const meaning = (expression: Expression): Expression | null => {
    if (expression.kind !== 'Name' || expression.name.parts.length > 1) return null
    if (columns.has(expression.name)) return null
    const wanted = showName(expression.name).toLowerCase()
    const item = items.find(({ alias }) => alias?.name.toLowerCase() === wanted)
    return item?.expression ?? null
  }
  const keys = groupBy.map((element): Expression | null => {
    if (element.kind !== 'GroupBy') return null
    const { expression } = element
    if (expression.kind !== 'NumberLiteral') return meaning(expression) ?? expression
    return items[Number(expression.text) - 1]?.expression ?? null
  })
  if (!keys.every(key => key !== null)) return null
  const named = new Set(keys.map(key => lastPart(key)?.toLowerCase()))
  const isStray = (expression: Expression): boolean =>
    expression.kind === 'Name' &&
    columns.has(expression.name) &&
    !named.has(lastPart(expression)?.toLowerCase())
  return { keys, meaning, isStray }
}

function lift(query: Query, select: Select, { keys, meaning, isStray }: Keys): Query | null {
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
    replace(expression, part => {
      const key = places.get(textOf(part))
      if (key !== undefined) return key
      if (part.kind === 'Call' && isAggregateCall(part)) {
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
  if (strays) return null
  const groupBy = keys.map(key => ({ kind: 'GroupBy', span: key.span, expression: key }) as const)
  const groups: Query = {
    ...query,
    with: [],
    body: { ...select, distinct: false, items: inner, groupBy, having: null }
  }
  const alias = aliasOf(select.from)
  const relation = { kind: 'DerivedRelation', span, query: groups, alias } as const
  const body: Select = { ...select, items, from: [relation], where, groupBy: [], having: null }
  return { ...query, body, emit: null }
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

/** The expression with what `swap` gives in the place of its parts, the outermost first; queries inside of it stay. */
function replace(root: Expression, swap: (part: Expression) => Expression | null): Expression {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    if ('kind' in node && node.kind === 'Query') return node
    const swapped = 'kind' in node && 'span' in node ? swap(node as Expression) : null
    if (swapped !== null) return swapped
    const parts = Object.entries(node)
    return Object.fromEntries(
      parts.map(([key, value]) => [key, key === 'span' ? (value as unknown) : visit(value)])
    )
  }
  return visit(root) as Expression
}
