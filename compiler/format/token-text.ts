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
  // `acks = all` is a word of its property.
  const isValue = context.ruleIndex === SqlParser.RULE_propertyValue && type === SqlLexer.KW_ALL
  return isKeyword(type) && !isValue ? text.toUpperCase() : text
}

/** `bigint`, and `date '2026-01-01'`. */
function namesType(identifier: ParserRuleContext): boolean {
  const context = identifier.parent as ParserRuleContext | null
  if (context?.ruleIndex === SqlParser.RULE_typeName) return true
  if (context?.ruleIndex !== SqlParser.RULE_simple) return false
  const next = context.children[1]
  return (next as ParserRuleContext | undefined)?.ruleIndex === SqlParser.RULE_stringLiteral
}
