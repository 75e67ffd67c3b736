import type { Column, RowType } from '../types/index.ts'
import type { JoinKind, LookupJoin } from './join-kind.ts'

/** The columns of a row that a join makes: NULL where a side may be missing. */
export function joinSchema(left: RowType, right: RowType, join: JoinKind): RowType {
  const orNull = (column: Column): Column => ({ ...column, nullable: true })
  switch (join) {
    case 'SEMI':
    case 'ANTI':
      return left
    case 'INNER':
      return { columns: [...left.columns, ...right.columns] }
    case 'LEFT':
      return { columns: [...left.columns, ...right.columns.map(orNull)] }
    case 'FULL':
      return { columns: [...left.columns, ...right.columns].map(orNull) }
  }
}

/** As `joinSchema`, of a row that was looked up in a table. */
export function lookupSchema(left: RowType, table: RowType, join: LookupJoin): RowType {
  return joinSchema(left, table, join === 'SINGLE' ? 'LEFT' : join)
}
