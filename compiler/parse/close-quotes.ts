import { SqlLexer, type Token } from '#grammar'
import type { SourceFile } from '../source/index.ts'
import { readTokens } from './tokens.ts'

/** Each closes one: more are hardly ever open. */
const maxRounds = 3

/**
 * The tokens of a file in which a quote may still be open: it ends at the end of its line. The line break becomes the quote that
 * is missing, so that all places stay what they are.
 */
export function closeQuotes(file: SourceFile): readonly Token[] {
  let { text } = file
  for (let round = 0; ; round++) {
    const { tokens } = readTokens({ ...file, text })
    const open = round === maxRounds ? null : findOpen(tokens)
    if (open === null) return tokens
    const line = text.indexOf('\n', open.start)
    const end = line < 0 ? text.length : line
    text = text.slice(0, end) + openingQuote(open) + text.slice(end + 1)
  }
}

/** Behind a quote that was left open all others open what they should close: the first text of several lines is the one. */
function findOpen(tokens: readonly Token[]): Token | null {
  const last = tokens.find(({ type }) => isOpen(type))
  if (last === undefined || last.text?.startsWith('$$') === true) return null
  if (last.type === SqlLexer.UNTERMINATED_NAME) return last
  const first = tokens.find(
    ({ type, text }) => type === SqlLexer.STRING && text?.includes('\n') === true
  )
  return first ?? last
}

function isOpen(type: number): boolean {
  return type === SqlLexer.UNTERMINATED_STRING || type === SqlLexer.UNTERMINATED_NAME
}

function openingQuote({ text }: Token): string {
  return /["`]/.exec(text?.[0] ?? '')?.[0] ?? "'"
}
