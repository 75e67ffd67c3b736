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
  const document: Container = Object.create(null)
  for (const column of source.columns) {
    if (column.from.kind !== 'Field' || column.from.path.length === 0) continue
    setPath(document, column.from.path, generateValue(column, compared.get(column.name) ?? [], cx))
  }
  const text = JSON.stringify(document)
  // Of a table's changes a row that comes.
  return source.feeds?.format === 'debezium' ? `{"before":null,"after":${text},"op":"c"}` : text
}

/** An object or an array that is being filled. */
type Container = Record<string | number, unknown>

function setPath(document: Container, path: readonly (string | number)[], value: unknown): void {
  let at = document
  for (const [i, step] of path.slice(0, -1).entries()) {
    const next = path[i + 1]!
    at[placeOf(step)] ??= typeof next === 'number' ? [] : (Object.create(null) as Container)
    at = at[placeOf(step)] as Container
  }
  at[placeOf(path.at(-1)!)] = value
}

/** An array's last element is its first, where nothing else is in it. */
function placeOf(step: string | number): string | number {
  return typeof step === 'number' && step < 0 ? 0 : step
}
