import type { ParseTree, StatementContext, Token } from '#grammar'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { type Parsed, parseSource, readTokens } from '../parse/index.ts'
import { makeSourceFile, type SourceFile } from '../source/index.ts'
import { alignComments } from './align-comments.ts'
import { readGap } from './comment.ts'
import { type Doc, makeGroup } from './doc.ts'
import { type Leaves, readLeaves } from './leaf.ts'
import { layOut, type LayoutContext, layOutComments, lineBetween } from './layout.ts'
import { statementLayouts } from './layouts/clauses.ts'
import { expressionLayouts } from './layouts/expressions.ts'
import { queryLayouts } from './layouts/queries.ts'
import { moveComments } from './move-comments.ts'
import { printDoc } from './print-doc.ts'
import { areSameTokens, isSameScript } from './same-meaning.ts'

/** Columns of a line. */
const width = 100

const layouts = new Map([...statementLayouts, ...queryLayouts, ...expressionLayouts])

export type Formatted =
  | { readonly kind: 'Formatted'; readonly text: string }
  /** The script has syntax errors: what it should look like is not known. */
  | { readonly kind: 'Wrong'; readonly diagnostics: readonly Diagnostic[] }

/**
 * The script in the layout of the language's reference. What it says and its comments are compared with the script's: throws
 * where they differ, which would be a bug.
 */
export function formatScript(file: SourceFile): Formatted {
  const statements: StatementContext[] = []
  const parsed = parseSource(file, { keepTree: tree => statements.push(tree) })
  if (parsed.diagnostics.length > 0) return { kind: 'Wrong', diagnostics: parsed.diagnostics }
  const leaves = readLeaves(file, statements)
  const lines = alignComments(printDoc(layOutScript(statements, leaves), width))
  // Line breaks inside strings stay as they are.
  const lineBreak = file.text.includes('\r\n') ? '\r\n' : '\n'
  const text = lines.join(lineBreak) + lineBreak
  checkSame(file, parsed, leaves, makeSourceFile(file.path, text))
  return { kind: 'Formatted', text }
}

function layOutScript(statements: readonly StatementContext[], { list, byNode, end }: Leaves): Doc {
  const leaves = moveComments(list)
  const indexOf = (node: ParseTree): number => byNode.get(node)!
  const cx: LayoutContext = {
    layouts,
    leaf: node => leaves[indexOf(node)]!,
    leafBefore: node => leaves[indexOf(node) - 1] ?? null
  }
  const docs = statements.flatMap((statement, i): Doc[] => {
    const doc = layOut(statement, cx)
    return i === 0 ? [doc] : [lineBetween(statement, cx), doc]
  })
  if (end.length > 0) {
    docs.push({ kind: 'Line', blank: end[0]!.blankBefore, was: true })
    docs.push(...layOutComments(end, { spaced: false }, false))
  }
  return makeGroup('broken', ...docs)
}

function checkSame(
  file: SourceFile,
  { script, tokens }: Parsed,
  { list }: Leaves,
  formatted: SourceFile
): void {
  const after = readTokens(formatted).tokens
  if (!areSameTokens(tokens, list, after)) {
    // It may be longer than a script may be.
    const parsed = parseSource(formatted, { limit: Infinity })
    if (parsed.diagnostics.length > 0 || !isSameScript(script, parsed.script)) {
      throw new Error(`formatting ${file.path} would change its meaning`)
    }
  }
  if (commentsOf(file, tokens).join('\n') !== commentsOf(formatted, after).join('\n')) {
    throw new Error(`formatting ${file.path} would lose or move comments`)
  }
}

function commentsOf({ text }: SourceFile, tokens: readonly Token[]): string[] {
  let start = 0
  return tokens.flatMap(token => {
    const { comments } = readGap(text, start, token.start)
    start = token.stop + 1
    return comments.map(comment => comment.text)
  })
}
