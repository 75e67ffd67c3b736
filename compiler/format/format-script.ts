import { type ParseTree, SqlLexer, type StatementContext, type Token } from '#grammar'
import type { Script } from '../ast/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { parseSource, parseStatement, readTokens } from '../parse/index.ts'
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
import { isSameScript } from './same-meaning.ts'

/** Columns of a line. */
const width = 100

const layouts = new Map([...statementLayouts, ...queryLayouts, ...expressionLayouts])

export type Formatted =
  | { readonly kind: 'Formatted'; readonly text: string }
  /** The script has syntax errors: what it should look like is not known. */
  | { readonly kind: 'Wrong'; readonly diagnostics: readonly Diagnostic[] }

/**
 * The script in the layout of the language's reference. Its syntax tree and its comments are compared with the script's:
 * throws where they differ, which would be a bug.
 */
export function formatScript(file: SourceFile): Formatted {
  const { script, diagnostics } = parseSource(file)
  if (diagnostics.length > 0) return { kind: 'Wrong', diagnostics }
  const statements = readStatements(file)
  const leaves = readLeaves(file, statements)
  const lines = alignComments(printDoc(layOutScript(statements, leaves), width))
  // Line breaks inside strings stay as they are.
  const lineBreak = file.text.includes('\r\n') ? '\r\n' : '\n'
  const text = lines.join(lineBreak) + lineBreak
  checkSame(file, script, text)
  return { kind: 'Formatted', text }
}

/** The concrete trees of all statements; only of a script without errors. */
function readStatements(file: SourceFile): StatementContext[] {
  const { tokens } = readTokens(file)
  const statements: StatementContext[] = []
  for (let at = 0; at < tokens.length;) {
    let end = at
    while (!endsStatement(tokens[end]!)) end++
    if (end > at) {
      const parsed = parseStatement(tokens, at, end + 1)
      if ('expected' in parsed) throw new Error('a statement parses and then does not')
      statements.push(parsed)
    }
    at = end + 1
  }
  return statements
}

function endsStatement({ type }: Token): boolean {
  return type === SqlLexer.SEMICOLON || type === SqlLexer.EOF
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

function checkSame(file: SourceFile, script: Script, text: string): void {
  const formatted = makeSourceFile(file.path, text)
  const parsed = parseSource(formatted)
  if (parsed.diagnostics.length > 0 || !isSameScript(script, parsed.script)) {
    throw new Error(`formatting ${file.path} would change its meaning`)
  }
  if (commentsOf(file).join('\n') !== commentsOf(formatted).join('\n')) {
    throw new Error(`formatting ${file.path} would lose or move comments`)
  }
}

function commentsOf(file: SourceFile): string[] {
  let start = 0
  return readTokens(file).tokens.flatMap(token => {
    const { comments } = readGap(file.text, start, token.start)
    start = token.stop + 1
    return comments.map(({ text }) => text)
  })
}
