import { parseCall } from './parse-call.ts'
import { parseExpr } from './parse-expr.ts'
import { startsQuery } from './parse-primary.ts'
import { parseQuery } from './parse-query.ts'
import type { AliasSyntax, FromSyntax } from './syntax.ts'
import type { TokenReader } from './token-reader.ts'

/** Words that go on behind a table, so that they are no name of it. */
const BEHIND_TABLE = new Set([
  ...['where', 'group', 'having', 'order', 'limit', 'offset', 'fetch', 'union', 'intersect', 'for'],
  ...['except', 'on', 'using', 'join', 'left', 'right', 'full', 'inner', 'cross', 'natural', 'with']
])

type Join = Extract<FromSyntax, { kind: 'join' }>['join']

export function parseFrom(reader: TokenReader): FromSyntax {
  return reader.inside(() => {
    let left = parseTable(reader)
    for (;;) {
      if (reader.skip('cross', 'join')) {
        left = { kind: 'join', join: 'inner', left, right: parseTable(reader), on: null, using: [] }
        continue
      }
      const join = readJoin(reader)
      if (join === null) return left
      const right = parseTable(reader)
      const on = reader.skip('on') ? parseExpr(reader) : null
      const isUsing = on === null && reader.skip('using')
      if (on === null && !isUsing) throw reader.unexpected('on')
      const using = isUsing ? reader.bracketed(() => reader.name()) : []
      left = { kind: 'join', join, left, right, on, using }
    }
  })
}

function readJoin(reader: TokenReader): Join | null {
  if (reader.skip('join') || reader.skip('inner', 'join')) return 'inner'
  const side = (['left', 'right', 'full'] as const).find(one => reader.isAt(one))
  if (side === undefined) return null
  reader.next()
  reader.skip('outer')
  reader.expect('join')
  return side
}

function parseTable(reader: TokenReader): FromSyntax {
  reader.skip('lateral')
  if (reader.isAt('(')) return parseBracket(reader)
  reader.skip('only')
  const parts = [reader.name()]
  while (reader.skip('.')) parts.push(reader.name())
  if (!reader.isAt('(')) return { kind: 'table', parts, alias: parseAlias(reader) }
  const call = parseCall(reader, parts.at(-1)!)
  const ordinality = reader.skip('with', 'ordinality')
  return { kind: 'function', call, ordinality, alias: parseAlias(reader) }
}

/** A query, or tables that are joined. */
function parseBracket(reader: TokenReader): FromSyntax {
  reader.expect('(')
  if (startsQuery(reader)) {
    const query = parseQuery(reader)
    reader.expect(')')
    return { kind: 'query', query, alias: parseAlias(reader) }
  }
  const from = parseFrom(reader)
  reader.expect(')')
  return from
}

function parseAlias(reader: TokenReader): AliasSyntax {
  const { kind, text } = reader.peek()
  const isNamed =
    reader.skip('as') || kind === 'quoted' || (kind === 'word' && !BEHIND_TABLE.has(text))
  if (!isNamed) return { name: null, columns: [] }
  const name = reader.name()
  // The type of a column of a function's rows: its values tell it.
  const column = (): string => {
    const own = reader.name()
    while (!reader.isAt(',') && !reader.isAt(')') && reader.peek().kind !== 'end') reader.next()
    return own
  }
  return { name, columns: reader.isAt('(') ? reader.bracketed(column) : [] }
}
