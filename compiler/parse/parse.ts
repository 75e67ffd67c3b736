import { SqlLexer, type StatementContext, type Token } from '#grammar'
import type { Script, Statement } from '../ast/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import {
  nestingTooDeep,
  nulCharacter,
  scriptEmpty,
  scriptTooLarge,
  statementTooLarge,
  tooManyErrors
} from '../diagnostics/parse.ts'
import { hasErrors, type Session } from '../session.ts'
import { makeSpan, type SourceFile } from '../source/index.ts'
import type { Builder } from './build/builder.ts'
import { buildStatement } from './build/statements.ts'
import { findTooDeep, maxNesting } from './nesting.ts'
import { parseStatement } from './statement.ts'
import { describeStop, resumeAt } from './stop.ts'
import { readTokens, type TokenList, tokenSpan } from './tokens.ts'

export interface Parsed {
  /** Without the statements that have errors. */
  readonly script: Script
  readonly diagnostics: readonly Diagnostic[]
  /** Empty where the script is too large to be read, or no text. */
  readonly tokens: readonly Token[]
}

export interface ParseOptions {
  /** Gets the concrete tree of each right statement. */
  readonly keepTree?: (tree: StatementContext) => void
  /** Characters of a script that is not too large. */
  readonly limit?: number
}

/** Characters of a script: what is longer is a mistake, and would take seconds. */
const maxLength = 1_000_000
const maxErrors = 100
/** Tokens of a statement: its tree takes kilobytes per operand. */
const maxTokens = 100_000

/**
 * The first phase: the syntax tree of the session's script; all syntax errors are reported in one run. What is no text is not
 * parsed.
 */
export function parseScript(session: Session): Script {
  if (hasErrors(session)) return makeScript(session.file, [])
  const { script, diagnostics } = parseSource(session.file)
  session.diagnostics.push(...diagnostics)
  return script
}

/** Each statement is parsed alone: a wrong one gives one diagnostic, and the next is parsed. */
export function parseSource(
  file: SourceFile,
  { keepTree = () => {}, limit = maxLength }: ParseOptions = {}
): Parsed {
  const refused = refuseFile(file, limit)
  if (refused !== null) return fail(file, refused)
  const list = readTokens(file)
  if (list.tokens.every(isSeparator)) return fail(file, scriptEmpty(makeSpan(file, 0, 0)))
  const { tokens } = list
  const statements: Statement[] = []
  const diagnostics: Diagnostic[] = []
  const found: Found = { statements, diagnostics, keepTree }
  let at = 0
  while (at < tokens.length) {
    const end = statementEnd(tokens, at)
    if (isSeparator(tokens[at]!)) at++
    else at = readStatement(file, list, at, end, found)
    if (diagnostics.length > maxErrors) {
      diagnostics.length = maxErrors
      diagnostics.push(tooManyErrors(maxErrors, tokenSpan(file, tokens[end]!)))
      break
    }
  }
  return { script: makeScript(file, statements), diagnostics, tokens }
}

/** What is no script, or would take seconds to read. */
export function refuseFile(file: SourceFile, limit = maxLength): Diagnostic | null {
  const { length } = file.text
  if (length > limit) return scriptTooLarge(length, limit, makeSpan(file, 0, 0))
  const nul = file.text.indexOf('\0')
  return nul < 0 ? null : nulCharacter(makeSpan(file, nul, nul + 1))
}

/** What would take the parser too much memory or stack, of the statement in tokens[at, end]. */
export function refuseStatement(
  file: SourceFile,
  tokens: readonly Token[],
  at: number,
  end: number
): Diagnostic | null {
  if (end - at > maxTokens) return statementTooLarge(maxTokens, tokenSpan(file, tokens[at]!))
  const tooDeep = findTooDeep(tokens, at, end)
  return tooDeep === null ? null : nestingTooDeep(maxNesting, tokenSpan(file, tooDeep))
}

/** What the statements give. */
interface Found extends Required<Pick<ParseOptions, 'keepTree'>> {
  readonly statements: Statement[]
  readonly diagnostics: Diagnostic[]
}

/** Reads tokens[at, end], end being the semicolon or the end of the file; says where to go on. */
function readStatement(
  file: SourceFile,
  list: TokenList,
  at: number,
  end: number,
  { statements, diagnostics, keepTree }: Found
): number {
  const { tokens, faults } = list
  for (let i = at; faults.size > 0 && i <= end; i++) {
    const fault = faults.get(tokens[i]!)
    if (fault === undefined) continue
    diagnostics.push(fault)
    return end + 1
  }
  const refused = refuseStatement(file, tokens, at, end)
  if (refused !== null) {
    diagnostics.push(refused)
    return end + 1
  }
  const parsed = parseStatement(tokens, at, end + 1)
  if ('expected' in parsed) {
    diagnostics.push(describeStop(file, tokens, at, parsed))
    return resumeAt(file, tokens, at, end, parsed)
  }
  const cx: Builder = { file, diagnostics: [], depth: 0 }
  const statement = buildStatement(cx, parsed)
  keepTree(parsed)
  if (cx.diagnostics.length === 0) statements.push(statement)
  else diagnostics.push(cx.diagnostics[0]!)
  return end + 1
}

/** The semicolon or the end of the file behind tokens[at]. */
export function statementEnd(tokens: readonly Token[], at: number): number {
  let end = at
  while (!isSeparator(tokens[end]!)) end++
  return end
}

export function isSeparator(token: Token): boolean {
  return token.type === SqlLexer.SEMICOLON || token.type === SqlLexer.EOF
}

function fail(file: SourceFile, diagnostic: Diagnostic): Parsed {
  return { script: makeScript(file, []), diagnostics: [diagnostic], tokens: [] }
}

function makeScript(file: SourceFile, statements: readonly Statement[]): Script {
  return Object.freeze({ kind: 'Script', span: makeSpan(file, 0, file.text.length), statements })
}
