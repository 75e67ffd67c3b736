import { type Code, js } from '../code/index.ts'
import type { RowType } from '../types/index.ts'
import type { Module } from './module.ts'
import { tupleType } from './row-functions.ts'

/** The type of rows that are kept: a tuple with a value per column. */
export function emitRowType(name: Code, schema: RowType, module: Module): void {
  module.body.line(js`type ${name} = ${tupleType(schema, module)}`)
}
