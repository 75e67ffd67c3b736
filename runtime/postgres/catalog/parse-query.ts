import { parseExpr, parseOrder } from './parse-expr.ts'
import { startsQuery } from './parse-primary.ts'
import { parseFrom } from './parse-from.ts'
import type { BodySyntax, CteSyntax, ExprSyntax, ItemSyntax, QuerySyntax } from './syntax.ts'
import { TokenReader } from './token-reader.ts'

/** Words that end an item of a SELECT, so that they are no name of it. */
const BEHIND_ITEMS = new Set([
  ...['from', 'where', 'group', 'having', 'order', 'limit', 'offset', 'fetch'],
  ...['union', 'intersect', 'except', 'for', 'window']
])

export function parseCatalogQuery(text: string): QuerySyntax {
  const reader = new TokenReader(text)
  const query = parseQuery(reader)
  reader.skip(';')
  if (reader.peek().kind !== 'end') throw reader.unexpected('its end')
  return query
}

export function parseQuery(reader: TokenReader): QuerySyntax {
  return reader.inside(() => {
    const ctes = reader.skip('with') ? parseCtes(reader) : []
    const body = parseSet(reader, 0)
    const order = reader.skip('order', 'by') ? parseOrder(reader) : []
    return { ctes, body, order, ...parseCut(reader) }
  })
}

function parseCtes(reader: TokenReader): CteSyntax[] {
  reader.skip('recursive')
  return reader.list(() => {
    const name = reader.name()
    const columns = reader.isAt('(') ? reader.bracketed(() => reader.name()) : []
    reader.expect('as')
    if (reader.skip('not')) reader.expect('materialized')
    else reader.skip('materialized')
    reader.expect('(')
    const query = parseQuery(reader)
    reader.expect(')')
    return { name, columns, query }
  })
}

function parseCut(reader: TokenReader): Pick<QuerySyntax, 'limit' | 'offset'> {
  let limit: ExprSyntax | null = null
  let offset: ExprSyntax | null = null
  for (;;) {
    if (reader.skip('limit')) limit = reader.skip('all') ? null : parseExpr(reader)
    else if (reader.skip('offset')) {
      offset = parseExpr(reader)
      if (!reader.skip('rows')) reader.skip('row')
    } else if (reader.skip('fetch')) limit = parseFetch(reader)
    else return { limit, offset }
  }
}

function parseFetch(reader: TokenReader): ExprSyntax {
  if (!reader.skip('first')) reader.expect('next')
  const count = reader.peek().kind === 'number' ? parseExpr(reader) : null
  if (!reader.skip('rows')) reader.expect('row')
  reader.expect('only')
  return count ?? { kind: 'literal', value: 1, type: 'int4' }
}

/** INTERSECT binds tighter than the others. */
function parseSet(reader: TokenReader, level: 0 | 1): BodySyntax {
  const operators = level === 0 ? (['union', 'except'] as const) : (['intersect'] as const)
  const part = (): BodySyntax => (level === 0 ? parseSet(reader, 1) : parseBody(reader))
  let left = part()
  for (;;) {
    const operator = operators.find(one => reader.skip(one))
    if (operator === undefined) return left
    const all = reader.skip('all')
    if (!all) reader.skip('distinct')
    left = { kind: 'set', operator, all, left, right: part() }
  }
}

function parseBody(reader: TokenReader): BodySyntax {
  if (reader.skip('values')) {
    return { kind: 'values', rows: reader.list(() => reader.bracketed(() => parseExpr(reader))) }
  }
  if (reader.isAt('(')) {
    reader.expect('(')
    const query = parseQuery(reader)
    reader.expect(')')
    return { kind: 'query', query }
  }
  if (startsQuery(reader) && reader.isAt('with'))
    return { kind: 'query', query: parseQuery(reader) }
  reader.expect('select')
  const distinct = parseDistinct(reader)
  const items = reader.isAt('from') ? [] : reader.list(() => parseItem(reader))
  const from = reader.skip('from') ? reader.list(() => parseFrom(reader)) : []
  const where = reader.skip('where') ? parseExpr(reader) : null
  const group = reader.skip('group', 'by') ? reader.list(() => parseExpr(reader)) : []
  const having = reader.skip('having') ? parseExpr(reader) : null
  return { kind: 'select', distinct, items, from, where, group, having }
}

function parseDistinct(reader: TokenReader): boolean | ExprSyntax[] {
  if (reader.skip('all') || !reader.skip('distinct')) return false
  return reader.skip('on') ? reader.bracketed(() => parseExpr(reader)) : true
}

function parseItem(reader: TokenReader): ItemSyntax {
  if (reader.skip('*')) return { kind: 'star', table: null }
  const ahead = [0, 2].find(
    at => reader.peek(at + 1).text === '.' && reader.peek(at + 2).text === '*'
  )
  if (ahead !== undefined) {
    for (let i = 0; i < ahead; i++) reader.next()
    const table = reader.name()
    reader.expect('.')
    reader.expect('*')
    return { kind: 'star', table }
  }
  const expr = parseExpr(reader)
  return { kind: 'expr', expr, name: parseItemName(reader) ?? nameOf(expr) }
}

function parseItemName(reader: TokenReader): string | null {
  if (reader.skip('as')) return reader.name()
  const { kind, text } = reader.peek()
  if (kind === 'quoted' || (kind === 'word' && !BEHIND_ITEMS.has(text))) return reader.name()
  return null
}

/** As PostgreSQL calls a column that has no name of its own. */
function nameOf(expr: ExprSyntax): string {
  const name = ownName(expr)
  if (name !== null) return name
  switch (expr.kind) {
    case 'cast':
      return expr.type.replace(/^_/, '')
    case 'literal':
      return expr.type === 'bool' ? 'bool' : '?column?'
    case 'case':
    case 'array':
    case 'exists':
    case 'row':
      return expr.kind
    case 'array-query':
      return 'array'
    default:
      return '?column?'
  }
}

/** Of what has a name itself; null: it has none. */
function ownName(expr: ExprSyntax): string | null {
  switch (expr.kind) {
    case 'column':
      return expr.parts.at(-1)!
    case 'call':
    case 'field':
      return expr.name
    case 'cast':
    case 'subscript':
      return ownName(expr.expr)
    case 'case':
      return expr.otherwise === null ? null : ownName(expr.otherwise)
    case 'scalar': {
      const { body } = expr.query
      const [item] = body.kind === 'select' ? body.items : []
      return item?.kind === 'expr' ? item.name : null
    }
    default:
      return null
  }
}
