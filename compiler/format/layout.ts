import { ParserRuleContext, type ParseTree, SqlLexer, SqlParser, TerminalNode } from '#grammar'
import type { Comment } from './comment.ts'
import {
  type CommentText,
  type Doc,
  type Line,
  makeGroup,
  makeIndent,
  makeSequence
} from './doc.ts'
import type { Leaf } from './leaf.ts'
import { closesText } from './spacing.ts'

/** How the nodes of one grammar rule are laid out. */
export type Layout = (node: ParserRuleContext, cx: LayoutContext) => Doc

export interface LayoutContext {
  readonly layouts: ReadonlyMap<number, Layout>
  leaf(node: ParseTree): Leaf
  /** The leaf before it in the script. */
  leafBefore(node: ParseTree): Leaf | null
}

/** Lists that are laid out as a part of what they stand in. */
const inlined = new Set([
  ...[SqlParser.RULE_propertyList, SqlParser.RULE_expressionList, SqlParser.RULE_identifierList],
  ...[SqlParser.RULE_callArguments, SqlParser.RULE_argumentSeparator]
])

/** Parentheses whose list stays in several lines where it was in several: declarations and queries. */
const kept = new Set([
  ...[SqlParser.RULE_createSource, SqlParser.RULE_createSink, SqlParser.RULE_createTable],
  ...[SqlParser.RULE_createModel, SqlParser.RULE_schemaClause, SqlParser.RULE_configClause],
  ...[SqlParser.RULE_onClause, SqlParser.RULE_columnList]
])

const closers = new Map([
  [SqlLexer.LEFT_PAREN, SqlLexer.RIGHT_PAREN],
  [SqlLexer.QUERY_PAREN, SqlLexer.RIGHT_PAREN],
  [SqlLexer.LEFT_BRACKET, SqlLexer.RIGHT_BRACKET]
])

export function layOut(node: ParseTree, cx: LayoutContext): Doc {
  if (node instanceof TerminalNode) return layOutLeaf(cx.leaf(node))
  let inner = node as ParserRuleContext
  // Most levels of an expression are empty: a loop keeps the stack low.
  while (inner.children.length === 1 && !cx.layouts.has(inner.ruleIndex)) {
    const only = inner.children[0]!
    if (only instanceof TerminalNode) return layOut(only, cx)
    inner = only as ParserRuleContext
  }
  return (cx.layouts.get(inner.ruleIndex) ?? layOutPlain)(inner, cx)
}

/** A rule without a layout of its own: its tokens in a row, its parentheses and its commas breakable. */
export function layOutPlain(node: ParserRuleContext, cx: LayoutContext): Doc {
  return layOutParts(partsOf(node), node.ruleIndex, cx)
}

/** The children of a node, with the lists among them unfolded; the end of the file is no part. */
export function partsOf(node: ParserRuleContext): readonly ParseTree[] {
  return node.children.flatMap(child => {
    if (child instanceof ParserRuleContext && inlined.has(child.ruleIndex)) return partsOf(child)
    return typeOf(child) === SqlLexer.EOF ? [] : child
  })
}

/** Parts in a row: what is in parentheses is a group, and commas between the others end lines where they must. */
export function layOutParts(parts: readonly ParseTree[], rule: number, cx: LayoutContext): Doc {
  const docs: Doc[] = []
  let tail: Doc[] | null = null
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!
    const closer = closers.get(typeOf(part))
    const to = tail ?? docs
    if (closer !== undefined) {
      const end = parts.findIndex((other, j) => j > i && typeOf(other) === closer)
      to.push(layOutParens(parts.slice(i, end + 1), rule, cx))
      i = end
    } else {
      to.push(layOut(part, cx))
      if (typeOf(part) !== SqlLexer.COMMA) continue
      tail ??= []
      tail.push(lineBefore(parts[i + 1]!, cx))
    }
  }
  if (tail === null) return makeSequence(docs)
  return makeGroup('fits', ...docs, makeIndent(...tail))
}

/** `( ... )`: one item to a line where it does not fit into one line. */
function layOutParens(parts: readonly ParseTree[], rule: number, cx: LayoutContext): Doc {
  const [open, close] = [parts[0]!, parts.at(-1)!]
  const inside = parts.slice(1, -1)
  const { leading, ...closing } = cx.leaf(close)
  if (inside.length === 0 && leading.length === 0) {
    return makeSequence([layOut(open, cx), layOut(close, cx)])
  }
  const content =
    inside.length === 0 ? [] : [lineBehind(inside[0]!, cx), layOutItems(inside, rule, cx)]
  const comments = layOutComments(leading, { spaced: inside.length > 0 }, false)
  const startsLine = leading[0]?.starts === true || cx.leafBefore(close)!.trailing.length > 0
  const blank = leading[0]?.blankBefore === true
  if (comments.length > 0 && startsLine) content.push({ kind: 'Line', blank, was: true })
  const isQuery = typeOf(open) === SqlLexer.QUERY_PAREN
  const how = rule === SqlParser.RULE_commonTable ? 'broken' : isKept(isQuery, rule)
  return makeGroup(
    how,
    layOut(open, cx),
    makeIndent(...content, ...comments),
    { kind: 'Line', blank: false, was: false },
    layOutLeaf({ ...closing, leading: [] })
  )
}

function isKept(isQuery: boolean, rule: number): 'kept' | 'fits' {
  return isQuery || kept.has(rule) ? 'kept' : 'fits'
}

/** Their parts stand between parentheses without commas. */
const windowRules: ReadonlySet<number> = new Set([
  ...[SqlParser.RULE_overClause, SqlParser.RULE_namedWindow]
])

/** Items between commas; what an item has more than one part of stands in a row. */
export function layOutItems(parts: readonly ParseTree[], rule: number, cx: LayoutContext): Doc {
  const docs: Doc[] = []
  let item: ParseTree[] = []
  const endItem = (): void => {
    if (item.length > 0)
      docs.push(item.length === 1 ? layOut(item[0]!, cx) : layOutParts(item, rule, cx))
    item = []
  }
  for (const [i, part] of parts.entries()) {
    if (typeOf(part) === SqlLexer.COMMA) {
      endItem()
      docs.push(layOut(part, cx), lineBetween(parts[i + 1]!, cx))
    } else if (windowRules.has(rule) && i > 0) {
      endItem()
      docs.push(lineBefore(part, cx))
      item.push(part)
    } else item.push(part)
  }
  endItem()
  return makeSequence(docs)
}

/** A line that may end before a node. An empty line before it is kept for a comment only. */
export function lineBefore(node: ParseTree, cx: LayoutContext): Line {
  const leaf = cx.leaf(firstTerminal(node))
  const before = cx.leafBefore(firstTerminal(node))
  const afterComma = before?.type === SqlLexer.COMMA && before.broken
  const blank = leaf.leading[0]?.blankBefore ?? false
  return { kind: 'Line', blank, was: leaf.broken || afterComma }
}

/** As `lineBefore`, between statements and items of lists: empty lines there group what belongs together. */
export function lineBetween(node: ParseTree, cx: LayoutContext): Line {
  const line = lineBefore(node, cx)
  const { leading, blank } = cx.leaf(firstTerminal(node))
  return leading.length > 0 ? line : { ...line, blank }
}

/** As `lineBefore`, before the first item of a list. */
export function lineBehind(node: ParseTree, cx: LayoutContext): Line {
  return { ...lineBefore(node, cx), blank: false }
}

export function layOutLeaf(leaf: Leaf): Doc {
  const { text, leading, trailing } = leaf
  const isBehindInline = leading.at(-1)?.ends === false
  const spaced = leaf.spaced || (isBehindInline && !closesText(leaf.type))
  const token: Doc = { kind: 'Text', text, spaced }
  if (leading.length + trailing.length === 0) return token
  return makeSequence([
    ...layOutComments(leading, leaf, leaf.blank),
    token,
    ...layOutComments(trailing, { spaced: true }, false)
  ])
}

/** `blank`: an empty line follows the last one. */
export function layOutComments(
  comments: readonly Comment[],
  { spaced, type }: { readonly spaced: boolean; readonly type?: number },
  blank: boolean
): CommentText[] {
  return comments.map(({ text, starts, ends, before }, i) => ({
    kind: 'Comment',
    text,
    starts,
    ends,
    before,
    blank: comments[i + 1]?.blankBefore ?? blank,
    // `(/* a */ b` is spaced as `(b` is, but `a /* b */, c` is not spaced as `a, c`.
    spaced: i > 0 || spaced || (type !== undefined && closesText(type))
  }))
}

export function typeOf(node: ParseTree): number {
  return node instanceof TerminalNode ? node.symbol.type : 0
}

export function ruleOf(node: ParseTree): number {
  return node instanceof ParserRuleContext ? node.ruleIndex : -1
}

export function firstTerminal(node: ParseTree): TerminalNode {
  let first = node
  while (!(first instanceof TerminalNode)) first = (first as ParserRuleContext).children[0]!
  return first
}
