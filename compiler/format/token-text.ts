import { type ParserRuleContext, SqlLexer, SqlParser, type TerminalNode } from '#grammar'
import { isKeyword } from '../parse/index.ts'

/** A token as it is printed: keywords and types in upper case, names and strings as they are written. */
export function tokenText({ symbol, parent }: TerminalNode): string {
  const { type } = symbol
  const text = symbol.text ?? ''
  const context = parent as ParserRuleContext
  // These two may hold blanks.
  if (type === SqlLexer.EMPTY_BRACKETS) return '[]'
  if (type === SqlLexer.DOT_STAR) return '.*'
  if (context.ruleIndex === SqlParser.RULE_identifier) {
    return type !== SqlLexer.QUOTED_NAME && namesType(context) ? text.toUpperCase() : text
  }
  return isKeyword(type) && !isName(type, context.ruleIndex) ? text.toUpperCase() : text
}

/** Keywords that are names where they stand: the word of a property in `acks = all`, the function of `SELECT unnest(a)`. */
function isName(type: number, rule: number): boolean {
  if (type === SqlLexer.KW_ALL) return rule === SqlParser.RULE_propertyValue
  return type === SqlLexer.KW_UNNEST && rule === SqlParser.RULE_simple
}

/** `bigint`, and `date '2026-01-01'`. */
function namesType(identifier: ParserRuleContext): boolean {
  const context = identifier.parent as ParserRuleContext | null
  if (context?.ruleIndex === SqlParser.RULE_typeName) return true
  if (context?.ruleIndex !== SqlParser.RULE_simple) return false
  const next = context.children[1]
  return (next as ParserRuleContext | undefined)?.ruleIndex === SqlParser.RULE_stringLiteral
}
