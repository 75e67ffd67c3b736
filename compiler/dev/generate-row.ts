import { anyThing } from './by-name.ts'
import type { ComparedValues } from './compared-values.ts'
import { generateValue, type RowContext } from './generate-value.ts'

/** One in so many rows is out of the ordinary, the fourth first: a short try has some too. */
const UNUSUAL = 8

/** A record's value for a source: JSON with all columns of its schema, or a line of text where it has none. */
export function generateRow(row: Omit<RowContext, 'unusual'>, compared: ComparedValues): string {
  const { source, random, index } = row
  const cx = { ...row, unusual: index % UNUSUAL === 3 }
  const isDocument = source.columns.some(({ from }) => from.kind === 'Field')
  if (source.format !== 'json' || !isDocument) return `line ${index + 1}: the ${anyThing(random)}`
  const document: Record<string, unknown> = Object.create(null)
  for (const column of source.columns) {
    if (column.from.kind !== 'Field') continue
    setPath(document, column.from.path, generateValue(column, compared.get(column.name) ?? [], cx))
  }
  return JSON.stringify(document)
}

function setPath(
  document: Record<string, unknown>,
  path: readonly (string | number)[],
  value: unknown
): void {
  let at = document
  for (const step of path.slice(0, -1)) {
    at[step] ??= Object.create(null) as Record<string, unknown>
    at = at[step] as Record<string, unknown>
  }
  at[path.at(-1)!] = value
}
