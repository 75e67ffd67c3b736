import {
  type ParserRuleContext,
  type ParseTree,
  SqlLexer,
  type StatementContext,
  TerminalNode
} from '#grammar'
import type { SourceFile } from '../source/index.ts'
import { type Comment, readGap } from './comment.ts'
import { isSpaced } from './spacing.ts'
import { tokenText } from './token-text.ts'

/** A token of the script with all that the layout asks of it and the comments beside it. */
export interface Leaf {
  readonly type: number
  /** The grammar rule that it belongs to. */
  readonly rule: number
  readonly text: string
  /** A blank stands before it where no line ends there. */
  readonly spaced: boolean
  /** A line ended before it in the script. */
  readonly broken: boolean
  /** An empty line stood right before it. */
  readonly blank: boolean
  /** Before it, in its line or in lines of their own. */
  readonly leading: readonly Comment[]
  /** Behind it, up to the end of its line. */
  readonly trailing: readonly Comment[]
}

export interface Leaves {
  readonly list: readonly Leaf[]
  readonly byNode: ReadonlyMap<ParseTree, number>
  /** Behind the last token, in lines of their own. */
  readonly end: readonly Comment[]
}

/** The tokens of a script's statements, in order. What stands between them is blanks and comments. */
export function readLeaves(file: SourceFile, statements: readonly StatementContext[]): Leaves {
  const nodes = statements.flatMap(terminals)
  const byNode = new Map<ParseTree, number>(nodes.map((node, i) => [node, i]))
  const gaps = [...nodes.keys(), nodes.length].map(i => {
    const start = i === 0 ? 0 : nodes[i - 1]!.symbol.stop + 1
    const end = nodes[i]?.symbol.start ?? file.text.length
    return readGap(file.text, start, end)
  })
  const behind = gaps.map(({ comments }, i) => (i === 0 ? 0 : trailingCount(comments)))
  const list = nodes.map((node, i) => {
    const { comments, broken, blank } = gaps[i]!
    return {
      type: node.symbol.type,
      rule: ruleOf(node),
      text: tokenText(node),
      spaced: i > 0 && isSpaced(placed(nodes[i - 1]!), placed(node)),
      broken,
      blank,
      leading: comments.slice(behind[i]!),
      trailing: gaps[i + 1]!.comments.slice(0, behind[i + 1]!)
    }
  })
  return { list, byNode, end: gaps.at(-1)!.comments.slice(behind.at(-1)!) }
}

/** How many comments of a gap belong to the line that the gap starts in: none where that line goes on with code. */
function trailingCount(comments: readonly Comment[]): number {
  const last = comments.findIndex(comment => comment.ends)
  return last >= 0 && comments.slice(0, last + 1).every(({ starts }) => !starts) ? last + 1 : 0
}

function terminals(statement: StatementContext): TerminalNode[] {
  const found: TerminalNode[] = []
  const stack: ParseTree[] = [statement]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node instanceof TerminalNode) {
      if (node.symbol.type !== SqlLexer.EOF) found.push(node)
      continue
    }
    const { children } = node as ParserRuleContext
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!)
  }
  return found
}

function ruleOf({ parent }: TerminalNode): number {
  return (parent as ParserRuleContext).ruleIndex
}

function placed(node: TerminalNode): { readonly type: number; readonly rule: number } {
  return { type: node.symbol.type, rule: ruleOf(node) }
}
