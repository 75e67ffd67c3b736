import { type Code, js } from '../code/index.ts'
import type { RowType } from '../types/index.ts'
import type { Module } from './module.ts'

/** The type of rows that are kept: a tuple with a value per column. */
export function emitRowType(name: Code, { columns }: RowType, module: Module): void {
  const types = columns.map(({ type, nullable }) => module.type(type, nullable))
  module.body.line(js`type ${name} = readonly [${types}]`)
}
