import { js, type Code } from '../code/index.ts'
import type { Span } from '../source/index.ts'
import type { RowType, SqlType } from '../types/index.ts'
import type { FunctionContext } from './function-context.ts'
import { type Value, withNull } from './value.ts'

interface ArrowRow {
  readonly row: readonly Value[]
  readonly schema: RowType
  readonly writer: Code
  readonly span: Span
  /** Hands over a row that Arrow has no way to say. */
  reject(error: Code): Code
}

/** The rest of a row that leaves in a record batch. */
export function emitArrowRow(
  { row, schema, writer, span, reject }: ArrowRow,
  { out, module }: FunctionContext
): void {
  row.forEach(({ copy: _, ...value }, index) =>
    out.line(js`${writer}.set(${index}, ${withNull(value)})`)
  )
  if (!schema.columns.some(({ type }) => mayNotFit(type))) return out.line(js`${writer}.end()`)
  const error = js`${module.use('notInArrow')}(${module.site(span)})`
  out.line(js`if (!${writer}.end()) ${reject(error)}`)
}

/** Whether Arrow lacks some values of a type. */
function mayNotFit(type: SqlType): boolean {
  switch (type.kind) {
    case 'Text':
    case 'Json':
    case 'Interval':
    case 'Decimal':
    // Its keys are texts.
    case 'Map':
      return true
    case 'Array':
      return mayNotFit(type.element)
    case 'Row':
      return type.fields.some(field => mayNotFit(field.type))
    default:
      return false
  }
}
