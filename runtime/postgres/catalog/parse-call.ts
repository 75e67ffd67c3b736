import { IN, parseExpr, parseOrder } from './parse-expr.ts'
import { makeCall } from './parse-primary.ts'
import type { CallSyntax, ExprSyntax } from './syntax.ts'
import type { TokenReader } from './token-reader.ts'

const trimSides = [
  ['both', 'btrim'],
  ['leading', 'ltrim'],
  ['trailing', 'rtrim']
] as const

/** What stands behind the name of a function. */
export function parseCall(reader: TokenReader, name: string): CallSyntax {
  reader.expect('(')
  const star = reader.skip('*')
  const distinct = reader.skip('distinct')
  const side = name === 'trim' ? trimSides.find(([word]) => reader.skip(word)) : undefined
  const args = star || reader.isAt(')') ? [] : parseArguments(reader, name)
  const order = reader.skip('order', 'by') ? parseOrder(reader) : []
  reader.expect(')')
  const filter = reader.skip('filter', '(') ? parseFilter(reader) : null
  const over = reader.skip('over', '(') ? parseOver(reader) : null
  return { ...makeCall(side?.[1] ?? name, args), star, distinct, order, filter, over }
}

/** Between commas, or as the standard has those of SUBSTRING, TRIM and POSITION: between words. */
function parseArguments(reader: TokenReader, name: string): ExprSyntax[] {
  const args = [parseExpr(reader, name === 'position' ? IN : 0)]
  // TRIM has what it takes away before the text.
  if (name === 'trim' && reader.skip('from')) return [parseExpr(reader), ...args]
  while ([',', 'from', 'for', 'in'].some(one => reader.skip(one))) args.push(parseExpr(reader))
  return args
}

function parseFilter(reader: TokenReader): ExprSyntax {
  reader.expect('where')
  const filter = parseExpr(reader)
  reader.expect(')')
  return filter
}

function parseOver(reader: TokenReader): NonNullable<CallSyntax['over']> {
  const partition = reader.skip('partition', 'by') ? reader.list(() => parseExpr(reader)) : []
  const order = reader.skip('order', 'by') ? parseOrder(reader) : []
  reader.expect(')')
  return { partition, order }
}
