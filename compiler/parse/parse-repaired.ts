import type { StatementContext, Token } from '#grammar'
import type { Statement } from '../ast/index.ts'
import type { SourceFile } from '../source/index.ts'
import type { Builder } from './build/builder.ts'
import { buildStatement } from './build/statements.ts'
import { closeQuotes } from './close-quotes.ts'
import { refuseFile, refuseStatement, statementEnd } from './parse.ts'
import { repairStatement } from './repair.ts'
import { parseStatement } from './statement.ts'
import { endBehind } from './token-slice.ts'
import { findNextStatement } from './stop.ts'

/**
 * The statements of a file, the wrong ones as the nearest right ones: what an editor knows of a script while it is written.
 * Spans are those of the file.
 */
export function parseRepaired(file: SourceFile): readonly Statement[] {
  if (refuseFile(file) !== null) return []
  const tokens = closeQuotes(file)
  const statements: Statement[] = []
  for (let at = 0; at < tokens.length; at++) {
    const end = statementEnd(tokens, at)
    if (end > at) statements.push(...readStatements(file, tokens.slice(at, end + 1)))
    at = end
  }
  return statements
}

/** `tokens` ends with the semicolon, or the end of the file. Where one was forgotten there are several. */
function readStatements(file: SourceFile, tokens: readonly Token[]): readonly Statement[] {
  if (refuseStatement(file, tokens, 0, tokens.length - 1) !== null) return []
  const parsed = parseStatement(tokens, 0, tokens.length)
  if (!('expected' in parsed)) return build(file, parsed)
  const next = findNextStatement(file, tokens, parsed)
  if (next !== null) {
    const first = [...tokens.slice(0, next), endBehind(tokens[next]!)]
    return [first, tokens.slice(next)].flatMap(one => readStatements(file, one))
  }
  const repaired = repairStatement(tokens, parsed)
  return repaired === null ? [] : build(file, repaired)
}

function build(file: SourceFile, tree: StatementContext): readonly Statement[] {
  const cx: Builder = { file, diagnostics: [], depth: 0 }
  const statement = buildStatement(cx, tree)
  return cx.diagnostics.length === 0 ? [statement] : []
}
