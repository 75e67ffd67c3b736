import { SqlLexer, type Token } from '#grammar'
import { isKeyword, isReserved } from '../../parse/index.ts'
import { makeSpan, type SourceFile } from '../../source/index.ts'
import type { KnownColumn } from '../known-column.ts'
import type { ScopePart } from '../scope.ts'
import type { Place } from './place.ts'

/** The columns that a CREATE SOURCE or CREATE TABLE declares, as far as it is written: generated columns and keys use them. */
export function ownColumns({ file, tokens, first, at }: Place): ScopePart | null {
  const opening = findColumns(tokens, first)
  if (opening === null) return null
  const columns = splitElements(tokens, opening)
    // The one that is being written is no column yet.
    .filter(({ start, end }) => at < start || end < at)
    .flatMap(({ start }) => (isName(tokens[start]!) ? columnOf(tokens, start, file) : []))
  return { name: null, columns, span: makeSpan(file, tokens[first]!.start, tokens[first]!.start) }
}

/** The parenthesis that the list of columns begins with. */
function findColumns(tokens: readonly Token[], first: number): number | null {
  const kind = tokens[first + 1]?.type
  if (tokens[first]!.type !== SqlLexer.KW_CREATE) return null
  if (kind !== SqlLexer.KW_SOURCE && kind !== SqlLexer.KW_TABLE) return null
  let inColumns = kind === SqlLexer.KW_TABLE
  for (let i = first; i < tokens.length; i++) {
    const { type } = tokens[i]!
    if (type === SqlLexer.SEMICOLON) return null
    if (type === SqlLexer.KW_SCHEMA) inColumns = true
    else if (inColumns && type === SqlLexer.LEFT_PAREN) return i
  }
  return null
}

interface Element {
  readonly start: number
  /** Of the token behind it. */
  readonly end: number
}

function splitElements(tokens: readonly Token[], opening: number): readonly Element[] {
  const elements: Element[] = []
  let start = opening + 1
  let depth = 0
  for (let i = opening; i < tokens.length; i++) {
    const { type } = tokens[i]!
    if (type === SqlLexer.LEFT_PAREN || type === SqlLexer.QUERY_PAREN) depth++
    else if (type === SqlLexer.RIGHT_PAREN) depth--
    const ends = depth === 0 || type === SqlLexer.SEMICOLON || type === SqlLexer.EOF
    if (ends || (depth === 1 && type === SqlLexer.COMMA)) {
      elements.push({ start, end: i })
      start = i + 1
    }
    if (ends) break
  }
  return elements
}

function isName({ type }: Token): boolean {
  if (type === SqlLexer.WORD || type === SqlLexer.QUOTED_NAME) return true
  return isKeyword(type) && !isReserved(type) && type !== SqlLexer.KW_WATERMARK
}

function columnOf(tokens: readonly Token[], at: number, file: SourceFile): KnownColumn {
  const { text, start, stop } = tokens[at]!
  const behind = tokens[at + 1]
  const name = (text ?? '').replace(/^["`]|["`]$/g, '')
  const type = behind?.type === SqlLexer.WORD ? (behind.text ?? '').toUpperCase() : null
  return { name, type, nullable: true, span: makeSpan(file, start, stop + 1) }
}
