import type { Relation } from '../../contract/index.ts'
import { isCatalogTable } from './catalogue.ts'
import { objectFunctions } from './functions/objects.ts'
import { sessionFunctions } from './functions/session.ts'
import { parseCatalogQuery } from './parse-query.ts'
import type { QuerySyntax } from './syntax.ts'

const QUESTION = /^(?:select|with|values)\b|^\(/i
/** What stands in each question of the catalogue, and in few others. */
const HINT =
  /pg_|information_schema|::\s*reg|\b(?:as\s+reg|to_reg|(?:current|session)_|user\b|version\b|set_config|has_|inet_|format_type|col_|obj_|shobj_|txid_)/i
/** A table of PostgreSQL's own, where a query reads from. */
const FROM_CATALOG = /\bpg_catalog\s*\.|\b(?:from|join)\s+(?:pg_\w+|information_schema\s*\.)/i
const LITERALS = /'(?:[^']|'')*'|"[^"]*"/g

/** Whether a statement asks for what PostgreSQL tells of itself, and not for what the pipeline keeps. */
export function isCatalogQuery(text: string, relations: () => readonly Relation[]): boolean {
  if (!QUESTION.test(text) || !HINT.test(text)) return false
  let query: QuerySyntax
  try {
    query = parseCatalogQuery(text)
  } catch {
    // The pipeline says what is wrong with a question that may be its own.
    return FROM_CATALOG.test(text.replaceAll(LITERALS, ''))
  }
  const named = namesOf(query)
  const isOwn = (name: string): boolean => relations().some(one => one.name === name)
  const isCatalog = (parts: readonly string[]): boolean =>
    isCatalogTable(parts) && (parts.length > 1 || !isOwn(parts[0]!))
  if (named.tables.some(isCatalog)) return true
  if (
    named.tables.some(
      parts => FROM_CATALOG.test(`from ${parts.join('.')}`) && !isOwn(parts.at(-1)!)
    )
  )
    return true
  return named.tables.length === 0 && named.isOfSession
}

/** The tables that a query reads, but for those of its own WITH, and whether it calls what only PostgreSQL has. */
function namesOf(query: QuerySyntax): {
  readonly tables: readonly (readonly string[])[]
  readonly isOfSession: boolean
} {
  const tables: (readonly string[])[] = []
  const own = new Set<string>()
  let isOfSession = false
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) return node.forEach(visit)
    const { kind, name, type, parts } = node as Readonly<Record<string, unknown>>
    if ('ctes' in node) (node as QuerySyntax).ctes.forEach(cte => own.add(cte.name))
    if (kind === 'table') tables.push(parts as readonly string[])
    if (kind === 'call' && isOfSessionOnly(name as string)) isOfSession = true
    if (kind === 'cast' && /^reg|^oid$|^name$/.test(type as string)) isOfSession = true
    Object.values(node).forEach(visit)
  }
  visit(query)
  return { tables: tables.filter(parts => parts.length > 1 || !own.has(parts[0]!)), isOfSession }
}

/** What is called so is no function of the language. */
function isOfSessionOnly(name: string): boolean {
  return (
    /^_?pg_/.test(name) || [sessionFunctions, objectFunctions].some(all => Object.hasOwn(all, name))
  )
}
