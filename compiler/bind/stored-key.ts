import type { BindContext } from './context.ts'
import { tableKey } from './tables.ts'

/** Indexes of the PRIMARY KEY's columns of a table, or of a source whose topic is one; null: it has none. */
export function storedKey(name: string, cx: BindContext): readonly number[] | null {
  const declaration = cx.catalog.declarations.find(candidate => candidate.name === name)
  if (declaration?.kind === 'Table') return tableKey(declaration, cx)
  if (declaration?.kind !== 'Source') return null
  return cx.sources.get(declaration)?.feeds?.key ?? null
}
