import { SqlLexer } from '#grammar'
import type { CreateView, Statement } from '../../ast/index.ts'
import { parseSource } from '../../parse/index.ts'
import { makeSourceFile } from '../../source/index.ts'
import type { OpenedDocument } from '../open-session.ts'
import { findDeclared, partsOf, type ScopePart } from '../scope.ts'
import { indexWith, type ScriptIndex } from '../script-index.ts'
import { findLevels, type SelectLevel } from './select-levels.ts'
import { ownColumns } from './own-columns.ts'
import type { Place } from './place.ts'

/** What a query around a place brings into scope. */
export interface ScopeAt {
  readonly parts: readonly ScopePart[]
  /** Names of WITH queries. */
  readonly common: readonly string[]
  /** Of its select list. */
  readonly aliases: readonly string[]
}

/**
 * The scopes around a place, innermost first, however wrong the statement is: of each query only WITH and FROM are taken, as a
 * view of all columns, and bound along with what is right of the script.
 */
export function scopesAt(
  place: Place,
  document: OpenedDocument,
  index: ScriptIndex
): readonly ScopeAt[] {
  const levels = findLevels(place)
  const views = levels.map((level, i) => parseView(level, i, place))
  const statements = views.filter(view => view !== null)
  const bound = statements.length === 0 ? index : indexWith(document, index, statements)
  const scopes = levels.map((level, i): ScopeAt => {
    const view = views[i] ?? null
    return {
      parts: view === null ? [] : partsOfView(view, bound),
      common: level.common.map(([start]) => place.tokens[start]?.text ?? ''),
      aliases: aliasesOf(level, place)
    }
  })
  const written = writtenTable(place, index) ?? ownColumns(place)
  return written === null ? scopes : [...scopes, { parts: [written], common: [], aliases: [] }]
}

function partsOfView({ query }: CreateView, index: ScriptIndex): readonly ScopePart[] {
  const { body } = query
  if (body.kind !== 'Select') return []
  return body.from.flatMap(relation => partsOf(relation, index, query.with))
}

/** What is still to be written may be missing: a name in its place may make the rest right, or leaving the rest out. */
function parseView({ from, common }: SelectLevel, i: number, place: Place): CreateView | null {
  if (from === null) return null
  const { start, end } = from
  const tables = common.map(([begin, stop]) => textOf(place, begin, stop))
  const withs = tables.length === 0 ? '' : `WITH ${tables.join(', ')} `
  const isInside = start < place.at && place.at <= end
  const before = isInside ? textOf(place, start, place.at) : ''
  const behind = isInside ? textOf(place, place.at, end) : ''
  for (const relations of [textOf(place, start, end), `${before} x ${behind}`, before]) {
    const text = `CREATE VIEW "scope ${i}" AS ${withs}SELECT * ${relations}`
    const [statement] = parseOnly(text)
    if (statement?.kind === 'CreateView') return statement
  }
  return null
}

function parseOnly(text: string): readonly Statement[] {
  return parseSource(makeSourceFile('scope', text)).script.statements
}

function textOf({ file, tokens }: Place, start: number, end: number): string {
  if (start >= end) return ''
  return file.text.slice(tokens[start]!.start, tokens[end - 1]!.stop + 1)
}

function aliasesOf({ select, from }: SelectLevel, { tokens }: Place): string[] {
  if (from === null) return []
  const aliases: string[] = []
  let depth = 0
  for (let i = select + 1; i + 1 < from.start; i++) {
    const { type } = tokens[i]!
    if (type === SqlLexer.LEFT_PAREN || type === SqlLexer.QUERY_PAREN) depth++
    else if (type === SqlLexer.RIGHT_PAREN) depth--
    // Of CAST(a AS INT) a type follows.
    else if (depth === 0 && type === SqlLexer.KW_AS) aliases.push(tokens[i + 1]!.text ?? '')
  }
  return aliases
}

/** The table of UPDATE and DELETE. */
function writtenTable({ tokens, first }: Place, { declared }: ScriptIndex): ScopePart | null {
  const { type } = tokens[first]!
  const isUpdate = type === SqlLexer.KW_UPDATE
  if (!isUpdate && type !== SqlLexer.KW_DELETE) return null
  const name = tokens[first + (isUpdate ? 1 : 2)]?.text ?? ''
  const table = findDeclared({ name, quoted: false }, declared)
  return table === null ? null : { name: table.name, columns: table.columns, span: table.span }
}
