import { type Code, type Data, js, writeData } from '../code/index.ts'
import type { BoundColumn, BoundSource } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { typeData } from './emit-arrow-columns.ts'
import { emitLiteral } from './emit-literal.ts'
import type { RecordDecoderNames } from './emit-avro-decoder.ts'
import type { Module } from './module.ts'
import { simpleValue } from './value.ts'

/**
 * Emits the decoder of a source whose records are messages of protobuf: which columns are wanted, and where the messages are declared,
 * if no registry says so. See runtime/protobuf/protobuf-decoder.ts.
 */
export function emitProtobufDecoder(
  source: BoundSource,
  columns: readonly BoundColumn[],
  hint: string,
  module: Module
): RecordDecoderNames {
  const { body, scope, use, opening } = module
  const decoder = scope.name(`${hint} protobuf`)
  const described = scope.constant(`${hint} fields`)
  const data = columns.map((column): Data => ({
    name: column.name,
    type: typeData(column.type),
    sql: showType(column.type),
    path: column.from.kind === 'Field' ? column.from.path.map(String) : [],
    notNull: column.notNull,
    missing: null
  }))
  module.useType('ProtobufColumn')
  writeData(body, js`const ${described}: ProtobufColumn[] = `, data, js``)
  columns.forEach((column, index) => {
    const { defaultValue, type, span } = column
    if (defaultValue === null) return
    const { value } = defaultValue
    const literal = emitLiteral({ kind: 'Literal', value, type, nullable: false, span }, module)
    body.line(js`${described}[${index}] = { ...${described}[${index}]!, missing: ${literal.code} }`)
  })
  const args: Code[] = [described, js`${source.timestampUnit ?? 'auto'}`]
  const { protoSchema = null } = source
  if (protoSchema !== null) {
    const schema = scope.constant(`${hint} schema`)
    const files = protoSchema.files.map(({ name, text }) => ({ name, text }))
    writeData(body, js`const ${schema} = `, { files, message: protoSchema.message }, js``)
    args.push(schema)
  }
  body.line(js`const ${decoder} = new ${use('ProtobufDecoder')}(${args})`)
  body.blank()
  if (source.registry !== null) opening.push(js`${decoder}.open(cx.schemas(${source.name}))`)
  return {
    read: (start, end) => js`${decoder}.read(bytes, ${start}, ${end})`,
    error: js`${decoder}.error()`,
    value(column, bind) {
      const { name, type, notNull } = column
      const at = js`${decoder}.values[${columns.indexOf(column)}]`
      const typed = js`${at} as ${module.type(type, !notNull)}`
      return simpleValue(bind(name, typed), notNull ? 'never' : 'null')
    }
  }
}
