export type * from './sql-type.ts'
