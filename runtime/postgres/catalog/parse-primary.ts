import { parseCall } from './parse-call.ts'
import { parseExpr } from './parse-expr.ts'
import { parseQuery } from './parse-query.ts'
import { readTypeName } from './read-type-name.ts'
import type { CallSyntax, ExprSyntax, QuerySyntax } from './syntax.ts'
import type { TokenReader } from './token-reader.ts'

/** Functions that are called without brackets. */
const BARE_CALLS = new Set([
  ...['current_user', 'session_user', 'user', 'current_role', 'current_catalog'],
  ...['current_schema', 'current_timestamp', 'current_date', 'localtimestamp']
])

export function startsQuery(reader: TokenReader): boolean {
  let ahead = 0
  while (reader.peek(ahead).text === '(' && reader.peek(ahead).kind === 'symbol') ahead++
  const { kind, text } = reader.peek(ahead)
  return kind === 'word' && (text === 'select' || text === 'values' || text === 'with')
}

export function parsePrimary(reader: TokenReader): ExprSyntax {
  const { kind, text, start } = reader.peek()
  switch (kind) {
    case 'string':
      reader.next()
      return { kind: 'literal', value: text, type: 'unknown', start }
    case 'number':
      reader.next()
      return { kind: 'literal', value: Number(text), type: /^\d+$/.test(text) ? 'int4' : 'float8' }
    case 'quoted':
      return parseNamed(reader)
    case 'word':
      return parseWord(reader)
    default:
      if (reader.isAt('(')) return parseBracket(reader)
      throw reader.unexpected('an expression')
  }
}

function parseWord(reader: TokenReader): ExprSyntax {
  const { text } = reader.peek()
  if (text === 'null' || text === 'true' || text === 'false') {
    reader.next()
    if (text === 'null') return { kind: 'literal', value: null, type: 'unknown' }
    return { kind: 'literal', value: text === 'true', type: 'bool' }
  }
  if (reader.skip('case')) return parseCase(reader)
  if (reader.isAt('cast', '(')) return parseCast(reader)
  if (reader.isAt('exists', '(')) {
    reader.next()
    return { kind: 'exists', query: parseBracketQuery(reader) }
  }
  if (reader.isAt('array', '(')) {
    reader.next()
    return { kind: 'array-query', query: parseBracketQuery(reader) }
  }
  if (reader.skip('array', '[')) return parseArray(reader)
  if (reader.skip('row', '(')) {
    const items = reader.list(() => parseExpr(reader))
    reader.expect(')')
    return { kind: 'row', items }
  }
  // A literal with its type before it.
  if (reader.peek(1).kind === 'string' && !BARE_CALLS.has(text)) {
    const type = readTypeName(reader)
    return { kind: 'cast', expr: parsePrimary(reader), type }
  }
  return parseNamed(reader)
}

function parseArray(reader: TokenReader): ExprSyntax {
  const items = reader.isAt(']') ? [] : reader.list(() => parseExpr(reader))
  reader.expect(']')
  return { kind: 'array', items }
}

export function parseBracketQuery(reader: TokenReader): QuerySyntax {
  reader.expect('(')
  const query = parseQuery(reader)
  reader.expect(')')
  return query
}

function parseCast(reader: TokenReader): ExprSyntax {
  reader.expect('cast', '(')
  const expr = parseExpr(reader)
  reader.expect('as')
  const type = readTypeName(reader)
  reader.expect(')')
  return { kind: 'cast', expr, type }
}

function parseCase(reader: TokenReader): ExprSyntax {
  const base = reader.isAt('when') ? null : parseExpr(reader)
  const branches: (readonly [ExprSyntax, ExprSyntax])[] = []
  while (reader.skip('when')) {
    const when = parseExpr(reader)
    reader.expect('then')
    branches.push([when, parseExpr(reader)])
  }
  const otherwise = reader.skip('else') ? parseExpr(reader) : null
  reader.expect('end')
  return { kind: 'case', base, branches, otherwise }
}

/** A query, a row, or an expression, which may be a row whose field is asked for. */
function parseBracket(reader: TokenReader): ExprSyntax {
  if (startsQuery(reader)) return { kind: 'scalar', query: parseBracketQuery(reader) }
  const items = reader.bracketed(() => parseExpr(reader))
  if (items.length !== 1) return { kind: 'row', items }
  if (!reader.skip('.')) return items[0]!
  return { kind: 'field', expr: items[0]!, name: reader.name() }
}

export function readQualified(reader: TokenReader): string[] {
  const parts = [reader.name()]
  while (reader.skip('.')) parts.push(reader.name())
  return parts
}

function parseNamed(reader: TokenReader): ExprSyntax {
  const { kind } = reader.peek()
  const parts = readQualified(reader)
  const name = parts.at(-1)!
  if (reader.isAt('(')) return parseCall(reader, name)
  if (kind === 'word' && parts.length === 1 && BARE_CALLS.has(name)) return makeCall(name, [])
  return { kind: 'column', parts }
}

export function makeCall(name: string, args: readonly ExprSyntax[]): CallSyntax {
  return {
    ...{ kind: 'call', name, args, star: false, distinct: false, order: [], filter: null },
    over: null
  }
}
