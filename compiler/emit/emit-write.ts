import { js, type Code } from '../code/index.ts'
import type { RuntimeName } from '../functions/index.ts'
import { type BoundSink, nullKey, plainColumn, type StepOf } from '../ir/index.ts'
import { type Column, holdsDouble, type SqlType } from '../types/index.ts'
import { emitArrowRow } from './emit-arrow-row.ts'
import { emitAvroRow } from './emit-avro-write.ts'
import { emitEnvelope } from './emit-envelope.ts'
import { emitMembers, emitObject, jsonWrite } from './emit-members.ts'
import { emitProtobufRow } from './emit-protobuf-write.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { placeText } from './module.ts'
import type { TaskContext } from './task-context.ts'
import { computed, notNullTest, nullTest, type Value } from './value.ts'

/** One record of the sink: begin, key, value, end. Everything that can fail was computed before. */
export function emitWrite(
  { sink, changes, schema, span }: StepOf<'Write'>,
  cx: FunctionContext,
  task: TaskContext
): void {
  const { out, module } = cx
  const writer = task.writer(sink, schema)
  const row = cx.row.map((value, index) =>
    value.copy === undefined ? bindSimple(value, cx, schema.columns[index]!.name) : value
  )
  out.comment(`${placeText(span)} ${sink.name}`)
  // Among rows that change, a row that only comes is one that is created.
  if (changes === null) out.line(js`${writer}.begin(batch, i)`)
  else out.line(js`${writer}.beginChange('c')`)
  emitKey(sink, row, schema.columns, writer, cx)
  const plain = plainColumn(sink, schema)
  if (plain !== null) return emitPlain(row[plain]!, schema.columns[plain]!, writer, cx)
  if (sink.format === 'arrow') {
    const reject = (error: Code): Code => js`batch.reject(i, ${error})`
    return emitArrowRow({ row, schema, writer, span, reject }, cx)
  }
  if (sink.format === 'debezium') {
    const came = { op: js`${'c'}`, before: null, after: { isNull: null, values: row } }
    emitEnvelope(sink, came, schema.columns, writer, cx)
  } else emitRow(sink, row, schema.columns, writer, cx)
  const written = schema.columns.filter((_, index) => row[index]!.copy === undefined)
  const refusal = refusalOf(sink, written)
  if (refusal === null) out.line(js`${writer}.end()`)
  else {
    const error = js`${module.use(refusal)}(${module.site(span)})`
    out.line(js`if (!${writer}.end()) batch.reject(i, ${error})`)
  }
}

/** Why a row may be one that can't be said in what the sink writes; null: any row can. */
export function refusalOf(
  { encoding }: BoundSink,
  columns: readonly Column[]
): 'notFinite' | 'nullElement' | null {
  if (encoding === 'protobuf') {
    return columns.some(({ type }) => holdsItems(type)) ? 'nullElement' : null
  }
  return columns.some(({ type }) => holdsDouble(type)) ? 'notFinite' : null
}

function holdsItems(type: SqlType): boolean {
  if (type.kind === 'Row') return type.fields.some(field => holdsItems(field.type))
  return type.kind === 'Array' || type.kind === 'Map'
}

/** The rest of a record that is the value of one column; NULL is no value. */
export function emitPlain(
  { copy: _, ...value }: Value,
  column: Column,
  writer: Code,
  cx: FunctionContext
): void {
  const { out } = cx
  if (value.code.text === 'null') return out.line(js`${writer}.endDeleted()`)
  const write = (): void => {
    out.line(plainWrite(value, column, writer, cx))
    out.line(js`${writer}.end()`)
  }
  const test = nullTest(value)
  if (test === null) write()
  else out.if(test, () => out.line(js`${writer}.endDeleted()`), write)
}

/**
 * One column is the key as plain text; several are a JSON object, where `key_format` does not say another. A NULL alone is written as
 * several columns are, where the key tells rows apart: as plain text it would be another value's key.
 */
export function emitKey(
  sink: BoundSink,
  row: readonly Value[],
  columns: readonly Column[],
  writer: Code,
  cx: FunctionContext
): void {
  const { partitionKey } = sink
  if (partitionKey.length === 0) return
  if (sink.connector === 'exchange') return emitExchangeKey(sink, row, columns, writer, cx)
  if (sink.keyFormat === 'avro') {
    const values = partitionKey.map(index => asKey(row[index]!, columns[index]!, cx))
    cx.out.line(js`${writer}.keyFrame()`)
    emitAvroRow(
      values,
      partitionKey.map(index => columns[index]!),
      writer,
      cx
    )
    return cx.out.line(js`${writer}.endKey()`)
  }
  if (partitionKey.length > 1 || sink.keyFormat === 'json') {
    const values = row.map((value, index) =>
      partitionKey.includes(index) ? asKey(value, columns[index]!, cx) : value
    )
    emitObject(sink, partitionKey, values, columns, writer, cx)
    cx.out.line(js`${writer}.endKey()`)
    return
  }
  const index = partitionKey[0]!
  const value = asKey(row[index]!, columns[index]!, cx)
  const write = (): void => {
    cx.out.line(plainWrite(value, columns[index]!, writer, cx))
    cx.out.line(js`${writer}.endKey()`)
  }
  const test = notNullTest(value)
  if (test === null) write()
  else if (!sink.keysNull) cx.out.if(test, write)
  else cx.out.if(test, write, () => emitNullKey(columns[index]!, writer, cx))
}

function emitNullKey({ name }: Column, writer: Code, { out, module }: FunctionContext): void {
  const text = js`${module.use('ascii')}(${nullKey(name)})`
  out.line(js`${writer}.raw(${module.constant(`${name} NULL key`, text)})`)
  out.line(js`${writer}.endKey()`)
}

/** By position: both sides of a join have their own names for what has to meet in one task. NULL is a value like others. */
function emitExchangeKey(
  sink: BoundSink,
  row: readonly Value[],
  columns: readonly Column[],
  writer: Code,
  cx: FunctionContext
): void {
  const key = sink.partitionKey.map((index, i) => {
    const column = { ...columns[index]!, name: String(i + 1) }
    return { column, value: asKey(row[index]!, column, cx) }
  })
  emitObject(
    sink,
    [...key.keys()],
    key.map(({ value }) => value),
    key.map(({ column }) => column),
    writer,
    cx
  )
  cx.out.line(js`${writer}.endKey()`)
}

/** Equal values make one key: bytes that are copied may spell one value in several ways, and -0 equals 0. */
function asKey({ copy: _, ...value }: Value, { name, type }: Column, cx: FunctionContext): Value {
  if ((type.kind !== 'Double' && type.kind !== 'Real') || value.code.text === 'null') return value
  const { code, nulls } = value
  const sum = nulls === 'null' ? js`${code} === null ? null : ${code} + 0` : js`${code} + 0`
  return bindSimple(computed(sum, nulls), cx, `${name} of the key`)
}

function plainWrite(
  { code }: Value,
  { type }: Column,
  writer: Code,
  { module }: FunctionContext
): Code {
  switch (type.kind) {
    case 'Text':
    case 'Json':
      return js`${writer}.plain(${code})`
    // What is bytes in the value is base64 there, but a key is bytes itself.
    case 'Bytes':
      return js`${writer}.raw(${code})`
    default: {
      const text = keyTexts[type.kind]
      if (text !== undefined) return js`${writer}.plain(${module.use(text)}(${code}))`
      return jsonWrite(type, false, code, writer, module)
    }
  }
}

/** Types whose JSON is a string: the key is without the quotes. */
const keyTexts: Partial<Record<SqlType['kind'], RuntimeName>> = {
  Date: 'dateKey',
  Time: 'timeKey',
  Timestamp: 'timestampKey',
  TimestampTz: 'timestampKey',
  Interval: 'intervalKey'
}

/** All columns, in what the sink writes. */
export function emitRow(
  sink: BoundSink,
  row: readonly Value[],
  columns: readonly Column[],
  writer: Code,
  cx: FunctionContext
): void {
  if (sink.encoding === 'avro') {
    // The id of its schema stands before it.
    cx.out.line(js`${writer}.frame()`)
    emitAvroRow(row, columns, writer, cx)
  } else if (sink.encoding === 'protobuf') emitProtobufRow(row, columns, writer, cx)
  else emitMembers(sink, row, columns, writer, cx)
}
