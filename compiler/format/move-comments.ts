import { SqlLexer, SqlParser } from '#grammar'
import type { Comment } from './comment.ts'
import type { Leaf } from './leaf.ts'

const chains = new Set([SqlParser.RULE_expression, SqlParser.RULE_andExpression])

/**
 * Commas end lines here, AND and OR begin them. Where a script has it the other way round, the comments beside them are moved
 * past them, so that each stays with the operand that it belongs to. Their order stays.
 */
export function moveComments(leaves: readonly Leaf[]): readonly Leaf[] {
  const moved = [...leaves]
  for (let i = 1; i + 1 < moved.length; i++) {
    const { type, rule } = moved[i]!
    if (type === SqlLexer.COMMA) moveBehindComma(moved, i)
    else if ((type === SqlLexer.KW_AND || type === SqlLexer.KW_OR) && chains.has(rule)) {
      moveBeforeOperator(moved, i)
    }
  }
  return moved
}

/** `a -- why` and `, b` in the next line: the comment belongs to a. */
function moveBehindComma(leaves: Leaf[], at: number): void {
  const [before, comma, next] = [leaves[at - 1]!, leaves[at]!, leaves[at + 1]!]
  const { own, inline } = splitLeading(comma)
  if (inline.length > 0 || own.length + before.trailing.length === 0) return
  const rest = [...own, ...comma.trailing].map(onOwnLine)
  leaves[at - 1] = { ...before, trailing: [] }
  leaves[at] = { ...comma, leading: [], trailing: before.trailing }
  leaves[at + 1] = { ...next, leading: [...rest, ...next.leading] }
}

/** `a AND -- why` and `b` in the next line: the comment stands behind a, and AND before b. */
function moveBeforeOperator(leaves: Leaf[], at: number): void {
  const [before, operator, next] = [leaves[at - 1]!, leaves[at]!, leaves[at + 1]!]
  const { own, inline } = splitLeading(next)
  if (own.length + operator.trailing.length === 0) return
  const staysInLine = before.trailing.length + operator.leading.length === 0
  const rest = (staysInLine ? own : [...operator.trailing, ...own]).map(onOwnLine)
  leaves[at - 1] = { ...before, trailing: staysInLine ? operator.trailing : before.trailing }
  leaves[at] = { ...operator, leading: [...operator.leading, ...rest], trailing: [] }
  leaves[at + 1] = { ...next, leading: inline }
}

/** Comments that stand in lines of their own before a token, and those in its own line. */
function splitLeading({ leading }: Leaf): { readonly own: Comment[]; readonly inline: Comment[] } {
  const count = leading.findLastIndex(comment => comment.ends) + 1
  return { own: leading.slice(0, count), inline: leading.slice(count) }
}

function onOwnLine(comment: Comment): Comment {
  return { ...comment, starts: true, ends: true }
}
