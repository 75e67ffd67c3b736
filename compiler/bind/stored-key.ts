import type { BindContext } from './context.ts'
import { type DeclaredKey, tableKey } from './tables.ts'

/** The key that is declared of a table, or of a source whose topic is one; null: it has none. */
export function storedKey(name: string, cx: BindContext): DeclaredKey | null {
  const declaration = cx.catalog.declarations.find(candidate => candidate.name === name)
  if (declaration?.kind === 'Table') return tableKey(declaration, cx)
  if (declaration?.kind !== 'Source') return null
  const feeds = cx.sources.get(declaration)?.feeds ?? null
  return feeds === null ? null : { columns: feeds.key, nulls: feeds.nullsInKey }
}
