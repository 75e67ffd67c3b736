import { js, type Code, type Data, writeData } from '../code/index.ts'
import type { BoundColumn, SourceTask } from '../ir/index.ts'
import { showType, type SqlType } from '../types/index.ts'
import { emitLiteral } from './emit-literal.ts'
import { type Module, placeText } from './module.ts'
import type { Value } from './value.ts'

/** The columns of a source whose records hold rows. */
export interface ArrowColumns {
  /** What reads them: see runtime/arrow/arrow-rows.ts. */
  readonly rows: Code
  /** A column in the row that the loop is at. */
  value(column: BoundColumn, bind: (hint: string, code: Code) => Code): Value
}

/** Emits a column for each field that is read, and what fills them batch by batch. */
export function emitArrowColumns(
  { source, decoder }: Pick<SourceTask, 'source' | 'decoder'>,
  module: Module,
  hint: string
): ArrowColumns {
  const { body, scope, use } = module
  const read = [...decoder.columns.map(({ column }) => column), ...decoder.checks]
  const fields = read.filter(({ from }) => from.kind === 'Field')
  const count = `reads ${fields.length} of ${source.columns.length} columns`
  body.comment(`${hint}: ${count}, of all rows of a record at once. ${placeText(source.span)}`)
  const names = new Map<BoundColumn, Code>()
  for (const column of fields) {
    const name = scope.name(`${hint} ${column.name}`)
    names.set(column, name)
    const head = js`const ${name} = new ${use('ArrowColumn')}<${module.type(column.type, false)}>(`
    const { defaultValue } = column
    const tail = defaultValue === null ? js`)` : js`, ${literal(column, module)})`
    writeData(body, head, define(column), tail)
  }
  const rows = scope.name(`${hint} rows`)
  const unit = source.timestampUnit ?? 'auto'
  body.line(js`const ${rows} = new ${use('ArrowRows')}([${[...names.values()]}], ${unit})`)
  body.blank()
  return {
    rows,
    value(column, bind) {
      const { name, notNull } = column
      const at = js`${names.get(column)!}.values[i]`
      const code = bind(name, notNull ? js`${at}!` : js`${at} ?? null`)
      return { code, nulls: notNull ? 'never' : 'null', simple: true }
    }
  }
}

function define({ name, from, type, notNull }: BoundColumn): Data {
  const path = from.kind === 'Field' ? from.path : []
  return { name, path, type: typeData(type), label: showType(type), notNull }
}

/** A type as the runtime takes it. */
export function typeData(type: SqlType): Data {
  switch (type.kind) {
    case 'Array':
      return { kind: type.kind, element: typeData(type.element) }
    case 'Map':
      return { kind: type.kind, value: typeData(type.value) }
    case 'Row': {
      const fields = type.fields.map(field => ({ ...field, type: typeData(field.type) }))
      return { kind: type.kind, fields }
    }
    default:
      return { ...type }
  }
}

function literal({ type, defaultValue, span }: BoundColumn, module: Module): Code {
  const { value } = defaultValue!
  const expr = { kind: 'Literal', value, type, nullable: value === null, span } as const
  return emitLiteral(expr, module).code
}
