import type { Value } from './catalog-types.ts'

/** A row of a table of the catalogue: what is not said of it is nothing. */
export type CatalogRow = Readonly<Record<string, Value>>
