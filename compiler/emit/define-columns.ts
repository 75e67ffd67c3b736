import type { Data } from '../code/index.ts'
import { positionAt, type Span } from '../source/index.ts'
import { type RowType, showType } from '../types/index.ts'

export function describeColumns({ columns }: RowType): Data {
  return columns.map(({ name, type, nullable }) => ({ name, type: showType(type), nullable }))
}

export function lineOf({ file, start }: Span): number {
  return positionAt(file, start).line
}
