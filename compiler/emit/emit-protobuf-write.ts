import { type Code, type Data, dataCode, js } from '../code/index.ts'
import type { Column } from '../types/index.ts'
import type { FunctionContext } from './function-context.ts'
import { type Value, withNull } from './value.ts'

/** A message of protobuf, with the id of its schema before it: see protobuf/derive-message.ts. */
export function emitProtobufRow(
  row: readonly Value[],
  columns: readonly Column[],
  writer: Code,
  { module, out }: FunctionContext
): void {
  const types = columns.map(({ type }) => type as unknown as Data)
  const encoder = module.constant(
    'protobuf encoder',
    js`${module.use('protobufEncoder')}(${dataCode(types)})`
  )
  out.line(js`${encoder}(${writer}, [${row.map(withNull)}])`)
}
