import type { RowType } from '../types/index.ts'
import type { BoundSink } from './bound.ts'

/**
 * The column whose value is a record's whole value, in a format without fields: the one that is no key, or the only one. Null: the
 * value is an object of all columns, or there is no such column.
 */
export function plainColumn(
  { format, partitionKey }: Pick<BoundSink, 'format' | 'partitionKey'>,
  { columns }: RowType
): number | null {
  if (!isPlain(format)) return null
  const all = [...columns.keys()]
  const [first, second] = all.length === 1 ? all : all.filter(i => !partitionKey.includes(i))
  return second === undefined ? (first ?? null) : null
}

/** Whether the value of a record is written as JSON. */
export function isJsonWritten({
  format,
  encoding
}: Pick<BoundSink, 'format' | 'encoding'>): boolean {
  return !isPlain(format) && format !== 'arrow' && encoding === 'json'
}

/** Whether records of a format have no fields. */
export function isPlain(format: BoundSink['format']): format is 'text' | 'bytes' {
  return format === 'text' || format === 'bytes'
}
