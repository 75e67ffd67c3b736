import { type Code, type Data, dataCode, js } from '../code/index.ts'
import type { RuntimeName } from '../functions/index.ts'
import type { Column, SqlType, TypeKind } from '../types/index.ts'
import type { FunctionContext } from './function-context.ts'
import { nullTest, type Value } from './value.ts'

/** A record in Avro. Each field is a union of null and a value: see avro/derive-schema.ts. */
export function emitAvroRow(
  row: readonly Value[],
  columns: readonly Column[],
  writer: Code,
  cx: FunctionContext
): void {
  const { out } = cx
  columns.forEach(({ type }, index) => {
    const { copy: _, ...value } = row[index]!
    if (value.code.text === 'null') return out.line(js`${writer}.zigzag(0)`)
    const write = (): void => {
      out.line(js`${writer}.zigzag(1)`)
      out.line(avroWrite(type, value.code, writer, cx))
    }
    const test = nullTest(value)
    if (test === null) write()
    else out.if(test, () => out.line(js`${writer}.zigzag(0)`), write)
  })
}

function avroWrite(type: SqlType, code: Code, writer: Code, { module }: FunctionContext): Code {
  const method = methods[type.kind]
  if (method !== undefined) return js`${writer}.${method}(${code})`
  const direct = functions[type.kind]
  if (direct !== undefined) return js`${module.use(direct)}(${writer}, ${code})`
  const data = type as unknown as Data
  const encoder = module.constant(
    'avro encoder',
    js`${module.use('avroEncoder')}(${dataCode(data)})`
  )
  return js`${encoder}(${writer}, ${code})`
}

const methods: Partial<Record<TypeKind, Code>> = {
  SmallInt: js`zigzag`,
  Int: js`zigzag`,
  BigInt: js`zigzagWide`,
  Real: js`float32`,
  Double: js`float64`,
  Text: js`sizedText`,
  Json: js`sizedText`,
  Bytes: js`sizedBytes`,
  Date: js`zigzag`,
  Time: js`zigzag`,
  Timestamp: js`zigzag`,
  TimestampTz: js`zigzag`
}

const functions: Partial<Record<TypeKind, RuntimeName>> = {
  Boolean: 'avroBoolean',
  Interval: 'avroInterval'
}
