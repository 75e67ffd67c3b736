import { makeCall, parsePrimary, readQualified, startsQuery } from './parse-primary.ts'
import { parseQuery } from './parse-query.ts'
import { readTypeName } from './read-type-name.ts'
import type { ExprSyntax, OrderSyntax } from './syntax.ts'
import type { TokenReader } from './token-reader.ts'

/** How tight operators bind: https://www.postgresql.org/docs/15/sql-syntax-lexical.html#SQL-PRECEDENCE */
const OR = 1
const AND = 2
const NOT = 3
const IS = 4
const COMPARE = 5
export const IN = 6
const OTHER = 7
const ADD = 8
const MULTIPLY = 9
const SIGN = 12

const binary: Readonly<Record<string, number>> = {
  or: OR,
  and: AND,
  ...Object.fromEntries(['=', '<>', '!=', '<', '<=', '>', '>='].map(one => [one, COMPARE])),
  ...Object.fromEntries(
    ['||', '~', '!~', '~*', '!~*', '~~', '!~~', '~~*', '!~~*', '@>', '<@', '&&', '&', '|'].map(
      one => [one, OTHER]
    )
  ),
  '+': ADD,
  '-': ADD,
  '*': MULTIPLY,
  '/': MULTIPLY,
  '%': MULTIPLY
}

export function parseOrder(reader: TokenReader): OrderSyntax[] {
  return reader.list(() => {
    const expr = parseExpr(reader)
    if (reader.isAt('using')) throw reader.unexpected('ASC or DESC')
    const descending = reader.skip('desc') || (reader.skip('asc') && false)
    const nullsFirst =
      reader.skip('nulls', 'first') || (!reader.skip('nulls', 'last') && descending)
    return { expr, descending, nullsFirst }
  })
}

export function parseExpr(reader: TokenReader, least = 0): ExprSyntax {
  return reader.inside(() => {
    let left = parsePrefix(reader)
    for (;;) {
      const next = parseBehind(reader, left, least)
      if (next === null) return left
      left = next
    }
  })
}

function parsePrefix(reader: TokenReader): ExprSyntax {
  if (reader.skip('not')) return not(parseExpr(reader, NOT))
  for (const operator of ['-', '+'] as const) {
    if (reader.skip(operator))
      return { kind: 'operator', operator, left: null, right: parseExpr(reader, SIGN) }
  }
  return parsePrimary(reader)
}

function not(right: ExprSyntax): ExprSyntax {
  return { kind: 'operator', operator: 'not', left: null, right }
}

/** What goes on behind `left` and binds tighter than `least`; null: nothing. */
function parseBehind(reader: TokenReader, left: ExprSyntax, least: number): ExprSyntax | null {
  if (reader.skip('::')) return { kind: 'cast', expr: left, type: readTypeName(reader) }
  if (reader.skip('[')) {
    const index = parseExpr(reader)
    reader.expect(']')
    return { kind: 'subscript', expr: left, index }
  }
  // Texts are in the order of their characters here, whatever is asked for.
  if (reader.skip('collate')) {
    readQualified(reader)
    return left
  }
  if (least < IS && reader.isAt('is')) return parseIs(reader, left)
  if (least < IN) {
    const found = parseIn(reader, left)
    if (found !== null) return found
  }
  return parseBinary(reader, left, least)
}

function parseBinary(reader: TokenReader, left: ExprSyntax, least: number): ExprSyntax | null {
  if (reader.isAt('operator', '(')) {
    if (least >= OTHER) return null
    reader.expect('operator', '(')
    while (reader.peek(1).text === '.') for (let i = 0; i < 2; i++) reader.next()
    const operator = reader.next().text
    reader.expect(')')
    return parseRight(reader, left, operator, OTHER)
  }
  const { kind, text: operator } = reader.peek()
  const tightness = kind === 'symbol' || kind === 'word' ? binary[operator] : undefined
  if (tightness === undefined || tightness <= least || !Object.hasOwn(binary, operator)) return null
  reader.next()
  return parseRight(reader, left, operator, tightness)
}

function parseRight(
  reader: TokenReader,
  left: ExprSyntax,
  operator: string,
  tightness: number
): ExprSyntax {
  const isAll = reader.isAt('all', '(')
  if (isAll || reader.isAt('any', '(') || reader.isAt('some', '(')) {
    reader.next()
    reader.expect('(')
    const right = startsQuery(reader) ? parseQuery(reader) : parseExpr(reader)
    reader.expect(')')
    return { kind: 'quantified', operator, all: isAll, left, right }
  }
  return { kind: 'operator', operator, left, right: parseExpr(reader, tightness) }
}

function parseIs(reader: TokenReader, expr: ExprSyntax): ExprSyntax {
  reader.expect('is')
  const negate = reader.skip('not') ? not : (one: ExprSyntax): ExprSyntax => one
  if (reader.skip('distinct', 'from')) {
    return not(negate({ kind: 'same', left: expr, right: parseExpr(reader, IS) }))
  }
  if (reader.skip('true')) return negate({ kind: 'is', expr, what: true })
  if (reader.skip('false')) return negate({ kind: 'is', expr, what: false })
  if (!reader.skip('unknown')) reader.expect('null')
  return negate({ kind: 'is', expr, what: null })
}

/** IN, LIKE, ILIKE and BETWEEN. */
function parseIn(reader: TokenReader, left: ExprSyntax): ExprSyntax | null {
  const isNegated = reader.isAt('not')
  const word = reader.peek(isNegated ? 1 : 0)
  if (word.kind !== 'word' || !/^(?:in|like|ilike|between)$/.test(word.text)) return null
  if (isNegated) reader.next()
  reader.next()
  const found = parseInBehind(reader, left, word.text)
  return isNegated ? not(found) : found
}

function parseInBehind(reader: TokenReader, left: ExprSyntax, word: string): ExprSyntax {
  if (word === 'in') {
    reader.expect('(')
    const right = startsQuery(reader) ? parseQuery(reader) : reader.list(() => parseExpr(reader))
    reader.expect(')')
    return { kind: 'quantified', operator: '=', all: false, left, right }
  }
  if (word === 'between') {
    const low = parseExpr(reader, IN)
    reader.expect('and')
    const high = parseExpr(reader, IN)
    const side = (operator: string, right: ExprSyntax): ExprSyntax => ({
      kind: 'operator',
      operator,
      left,
      right
    })
    return { kind: 'operator', operator: 'and', left: side('>=', low), right: side('<=', high) }
  }
  const pattern = parseExpr(reader, IN)
  const right = reader.skip('escape')
    ? makeCall('like_escape', [pattern, parseExpr(reader, IN)])
    : pattern
  return { kind: 'operator', operator: word === 'like' ? '~~' : '~~*', left, right }
}
