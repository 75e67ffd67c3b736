import { type ParserRuleContext, SqlLexer, SqlParser } from '#grammar'
import { type Doc, makeGroup, makeIndent, makeSequence } from '../doc.ts'
import {
  layOut,
  type Layout,
  type LayoutContext,
  layOutPlain,
  lineBefore,
  ruleOf,
  typeOf
} from '../layout.ts'
import { indentedClauses } from './clauses.ts'

export const expressionLayouts: readonly (readonly [number, Layout])[] = [
  [SqlParser.RULE_expression, chain('kept')],
  [SqlParser.RULE_andExpression, chain('kept')],
  [SqlParser.RULE_operation, chain('fits')],
  [SqlParser.RULE_sum, chain('fits')],
  [SqlParser.RULE_product, chain('fits')],
  [SqlParser.RULE_simple, layOutSimple],
  [SqlParser.RULE_caseBranch, indentedClauses({ tokens: [SqlLexer.KW_THEN] }, 'fits')]
]

/** At the start of a line they would be comments. */
const IN_LINE: readonly number[] = [SqlLexer.HASH, SqlLexer.JSON_PATH, SqlLexer.JSON_PATH_TEXT]

/** Operands and the operators between them, each operator at the start of its line where it may be there. */
function chain(how: 'fits' | 'kept'): Layout {
  return (node, cx) => {
    const [first, ...rest] = node.children
    if (rest.length === 0) return layOut(first!, cx)
    const tail = rest.flatMap((part, i): Doc[] => {
      const operator = i % 2 === 1 ? rest[i - 1]! : part
      if ((i % 2 === 1) !== IN_LINE.includes(typeOf(operator)!)) return [layOut(part, cx)]
      if (i % 2 === 1) return [lineBefore(part, cx), layOut(part, cx)]
      const line = lineBefore(part, cx)
      const endsLine = lineBefore(rest[i + 1]!, cx).was
      return [{ ...line, was: line.was || endsLine }, layOut(part, cx)]
    })
    const below = fillsParens(node) ? makeSequence(tail) : makeIndent(...tail)
    return makeGroup(how, layOut(first!, cx), below)
  }
}

/** Alone in parentheses: their indentation is enough. */
function fillsParens(node: ParserRuleContext): boolean {
  let inner = node.parent as ParserRuleContext | null
  while (inner?.children.length === 1) inner = inner.parent as ParserRuleContext | null
  const rule = inner?.ruleIndex
  return rule === SqlParser.RULE_parenthesized || rule === SqlParser.RULE_call
}

/** CASE: its branches one below the other, or all in one line. */
function layOutSimple(node: ParserRuleContext, cx: LayoutContext): Doc {
  const parts = node.children
  if (typeOf(parts[0]!) !== SqlLexer.KW_CASE) return layOutPlain(node, cx)
  const first = parts.findIndex(part => ruleOf(part) === SqlParser.RULE_caseBranch)
  const branches = parts.slice(first, -1).flatMap((part): Doc[] => {
    const starts = ruleOf(part) === SqlParser.RULE_caseBranch || typeOf(part) === SqlLexer.KW_ELSE
    return starts ? [lineBefore(part, cx), layOut(part, cx)] : [layOut(part, cx)]
  })
  return makeGroup(
    'kept',
    ...parts.slice(0, first).map(part => layOut(part, cx)),
    makeIndent(...branches),
    lineBefore(parts.at(-1)!, cx),
    layOut(parts.at(-1)!, cx)
  )
}
