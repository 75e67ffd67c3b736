import { type Code, type Data, js, makeCode, writeData } from '../code/index.ts'
import type { BoundColumn, BoundSource } from '../ir/index.ts'
import { showType, type TypeKind } from '../types/index.ts'
import { emitLiteral } from './emit-literal.ts'
import type { Module } from './module.ts'
import { simpleValue, type Value } from './value.ts'

/** A decoder of the runtime, which leaves the columns of a record in its slots. */
export interface RecordDecoderNames {
  /** TRUE where the bytes are a record, whose columns are in the slots then. */
  read(start: Code, end: Code): Code
  /** Why they are none. */
  readonly error: Code
  value(column: BoundColumn, bind: (hint: string, code: Code) => Code): Value
}

/**
 * Emits the decoder of a source whose records are in Avro. What their schemas are is known only when records come, so all that is
 * generated is which columns are wanted: see runtime/avro/avro-decoder.ts. `within`: the field of the record that the row is in; null: it
 * is the record.
 */
export function emitAvroDecoder(
  source: BoundSource,
  columns: readonly BoundColumn[],
  hint: string,
  module: Module,
  within: string | null = null
): RecordDecoderNames {
  const { body, scope, use, opening } = module
  const decoder = scope.name(`${hint} avro`)
  const described = scope.constant(`${hint} fields`)
  const outer = within === null ? [] : [within]
  const data = columns.map((column): Data => ({
    name: column.name,
    type: column.type as unknown as Data,
    sql: showType(column.type),
    path: column.from.kind === 'Field' ? [...outer, ...column.from.path.map(String)] : [],
    notNull: column.notNull,
    missing: null
  }))
  module.useType('AvroColumn')
  writeData(body, js`const ${described}: AvroColumn[] = `, data, js``)
  columns.forEach((column, index) => {
    const { defaultValue, type } = column
    if (defaultValue === null) return
    const { value } = defaultValue
    const span = module.script.sources[0]!.span
    const literal = emitLiteral({ kind: 'Literal', value, type, nullable: false, span }, module)
    body.line(js`${described}[${index}] = { ...${described}[${index}]!, missing: ${literal.code} }`)
  })
  const unit = source.timestampUnit ?? 'auto'
  const schema = source.writerSchema === null ? [] : [js`${source.writerSchema}`]
  const args = [described, js`${unit}`, ...schema]
  body.line(js`const ${decoder} = new ${use('AvroDecoder')}(${args})`)
  const slots = {
    number: scope.name(`${hint} number`),
    wide: scope.name(`${hint} wide`),
    object: scope.name(`${hint} object`),
    isNull: scope.name(`${hint} is null`)
  }
  const used = (['number', 'wide', 'object', 'isNull'] as const).filter(slot =>
    columns.some(column => slotsOf(column).includes(slot))
  )
  for (const slot of used) body.line(js`const ${slots[slot]} = ${decoder}.${makeCode(slot)}`)
  body.blank()
  if (source.registry !== null) opening.push(js`${decoder}.open(cx.schemas(${source.name}))`)
  return {
    read: (start, end) => js`${decoder}.read(bytes, ${start}, ${end})`,
    error: js`${decoder}.error()`,
    value: (column, bind) => valueOf(column, columns.indexOf(column), slots, module, bind)
  }
}

type SlotName = 'number' | 'wide' | 'object' | 'isNull'

const numbers: ReadonlySet<TypeKind> = new Set([
  ...(['Boolean', 'SmallInt', 'Int', 'BigInt', 'Real', 'Double'] as const),
  ...(['Date', 'Time', 'Timestamp', 'TimestampTz'] as const)
])

/** The arrays that a column is in: see runtime/avro/slots.ts. */
function slotsOf({ type, notNull }: BoundColumn): readonly SlotName[] {
  if (!numbers.has(type.kind)) return ['object']
  if (type.kind === 'BigInt') return ['number', 'wide']
  const isFloat = type.kind === 'Real' || type.kind === 'Double'
  return isFloat && !notNull ? ['number', 'isNull'] : ['number']
}

function valueOf(
  column: BoundColumn,
  index: number,
  slots: Readonly<Record<SlotName, Code>>,
  module: Module,
  bind: (hint: string, code: Code) => Code
): Value {
  const { name, type, notNull } = column
  const nulls = notNull ? 'never' : 'null'
  const number = js`${slots.number}[${index}]!`
  if (!numbers.has(type.kind)) {
    const typed = js`${slots.object}[${index}] as ${module.type(type, !notNull)}`
    return simpleValue(bind(name, typed), nulls)
  }
  const orNull = (isNull: Code, value: Code): Value =>
    simpleValue(bind(name, notNull ? value : js`${isNull} ? null : ${value}`), nulls)
  switch (type.kind) {
    case 'BigInt': {
      const args = [slots.number, slots.wide, js`${index}`]
      return orNull(js`${number} !== ${number}`, js`${module.use('bigintAt')}(${args})`)
    }
    case 'Boolean':
      return orNull(js`${number} !== ${number}`, js`${number} === 1`)
    // NaN is a value of theirs.
    case 'Real':
    case 'Double':
      return orNull(js`${slots.isNull}[${index}] === 1`, number)
    default:
      return simpleValue(bind(name, number), notNull ? 'never' : 'nan')
  }
}
