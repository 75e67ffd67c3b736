import type { RowType, SqlType } from '../types/index.ts'

/** An entry of a Map, a tuple, and what its values take: texts and the like are guessed at 32 bytes. */
export function rowBytes({ columns }: RowType): number {
  return columns.reduce((sum, { type }) => sum + 8 + (wide.has(type.kind) ? 48 : 8), 80)
}

const wide: ReadonlySet<SqlType['kind']> = new Set([
  ...(['Text', 'Json', 'Decimal', 'Bytes', 'Array', 'Row', 'Map', 'Vector'] as const)
])

/** A value that is kept beside others, with how often it is there or where it stands. */
export function valueBytes(types: readonly SqlType[]): number {
  return types.reduce((sum, { kind }) => sum + (wide.has(kind) ? 72 : 16), 56)
}

/** An entry of a Map, and keys in arrays. */
export function keyBytes(types: readonly SqlType[]): number {
  return types.reduce((sum, { kind }) => sum + (wide.has(kind) ? 56 : 8), 48)
}
