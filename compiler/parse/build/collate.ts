import type { CollationContext } from '#grammar'
import type { Expression } from '../../ast/index.ts'
import { collationNotFound } from '../../diagnostics/parse.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildIdentifier } from './names.ts'

/** Collations of PostgreSQL that compare by code point, as all texts are compared here. */
const byCodePoint = new Set([
  'c',
  'posix',
  'c.utf8',
  'c.utf-8',
  'ucs_basic',
  'pg_c_utf8',
  'default'
])

/** Refuses an order of texts that is another than the one that they have. */
export function checkCollation(cx: Builder, tree: CollationContext): void {
  const name = buildIdentifier(cx, tree.identifier()).name
  if (!byCodePoint.has(name.toLowerCase())) {
    cx.diagnostics.push(collationNotFound(name, spanOf(cx, tree)))
  }
}

/** `x COLLATE "C"` is x. */
export function collate(cx: Builder, operand: Expression, tree: CollationContext): Expression {
  checkCollation(cx, tree)
  return operand
}
