import { js, type Code } from '../code/index.ts'
import { emitCodec } from '../functions/index.ts'
import type { BoundSink } from '../ir/index.ts'
import { type Column, holdsExact, type SqlType } from '../types/index.ts'
import type { FunctionContext } from './function-context.ts'
import type { Module } from './module.ts'
import { nullTest, type Value } from './value.ts'

/** A JSON object of all columns. */
export function emitMembers(
  sink: BoundSink,
  row: readonly Value[],
  columns: readonly Column[],
  writer: Code,
  cx: FunctionContext
): void {
  const { form } = sink
  const all = [...row.keys()]
  if (form === null) return emitObject(sink, all, row, columns, writer, cx)
  const placed = columns.map((column, index) => ({ ...column, name: String(index) }))
  emitObject(sink, all, row, placed, writer, cx, `${JSON.stringify(form)}:1`)
}

/** A JSON object of the columns that `indexes` name. `more`: a last member. */
export function emitObject(
  sink: BoundSink,
  indexes: readonly number[],
  row: readonly Value[],
  columns: readonly Column[],
  writer: Code,
  cx: FunctionContext,
  more: string | null = null
): void {
  const { out, module } = cx
  indexes.forEach((index, i) => {
    const column = columns[index]!
    const key = `${i === 0 ? '{' : ','}${JSON.stringify(column.name)}:`
    const bytes = module.constant(`${column.name} key`, js`${module.use('ascii')}(${key})`)
    out.line(js`${writer}.raw(${bytes})`)
    emitValue(sink, row[index]!, column, writer, cx)
  })
  const last = more === null ? [] : [more]
  const end = indexes.length === 0 ? `{${last.join()}}` : `${['', ...last].join(',')}}`
  out.line(js`${writer}.raw(${module.constant('end', js`${module.use('ascii')}(${end})`)})`)
}

function emitValue(
  sink: BoundSink,
  value: Value,
  column: Column,
  writer: Code,
  cx: FunctionContext
): void {
  // Another sink of the same column may copy its bytes.
  const copy = isQuoted(sink, column) ? undefined : value.copy
  if (copy !== undefined) {
    const range = js`batch.bytes, ${copy.start}, ${copy.end}`
    const { instead } = copy
    if (copy.method === 'decimalRange') {
      cx.out.line(js`${writer}.decimalRange(${range}, ${instead!.code})`)
    } else if (copy.method === 'writeRange') {
      const write = cx.module.use('writeRange')
      cx.out.line(js`${write}(${writer}, ${range}, ${instead!.code}, ${instead!.codec})`)
    } else if (copy.method === 'textRange') cx.out.line(js`${writer}.textRange(${range})`)
    else cx.out.line(js`${writer}.copy(${range})`)
    return
  }
  if (value.encoded === true) return cx.out.line(js`${writer}.raw(${value.code})`)
  if (value.code.text === 'null') return cx.out.line(js`${writer}.null()`)
  const write = valueWrite(sink, value.code, column, writer, cx)
  const test = nullTest(value)
  if (test === null) cx.out.line(write)
  else cx.out.line(js`if (${test}) ${writer}.null(); else ${write}`)
}

function valueWrite(
  sink: BoundSink,
  code: Code,
  column: Column,
  writer: Code,
  { module }: FunctionContext
): Code {
  const { type } = column
  const quoted = isQuoted(sink, column)
  if (!quoted || !(type.kind === 'BigInt' || type.kind === 'Decimal')) {
    return jsonWrite(type, quoted, code, writer, module)
  }
  const text = type.kind === 'BigInt' ? js`String` : module.use('decimalToText')
  return js`${writer}.string(${text}(${code}))`
}

/** By the writer's own method, or by the type's codec. */
export function jsonWrite(
  type: SqlType,
  quoted: boolean,
  code: Code,
  writer: Code,
  module: Module
): Code {
  const method = methods[type.kind]
  if (method !== undefined) return js`${writer}.${method}(${code})`
  return js`${emitCodec(type, module, { quoted })}.write(${writer}, ${code})`
}

/** BIGINT and DECIMAL, also inside of others, go out as strings where the sink says so. */
function isQuoted({ decimalFormat }: BoundSink, { type }: Column): boolean {
  return decimalFormat === 'string' && holdsExact(type)
}

const methods: Partial<Record<Column['type']['kind'], Code>> = {
  Boolean: js`boolean`,
  SmallInt: js`int`,
  Int: js`int`,
  BigInt: js`bigint`,
  Real: js`real`,
  Double: js`double`,
  Decimal: js`decimal`,
  Text: js`string`,
  Date: js`date`,
  Time: js`time`,
  Timestamp: js`timestamp`,
  TimestampTz: js`timestamp`,
  Json: js`json`
}
