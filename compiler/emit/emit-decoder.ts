import { js, type Code, pascalCase, writeData } from '../code/index.ts'
import {
  type BoundColumn,
  type Decoder,
  type DecoderColumn,
  type SourceTask,
  typeAsRead
} from '../ir/index.ts'
import type { RuntimeName } from '../functions/index.ts'
import { showType, type SqlType } from '../types/index.ts'
import { emitArrowColumns } from './emit-arrow-columns.ts'
import { emitAvroDecoder } from './emit-avro-decoder.ts'
import { emitProtobufDecoder } from './emit-protobuf-decoder.ts'
import { type ColumnLabel, emitKeys, type FieldRead, groupByKey } from './emit-keys.ts'
import { type Module, placeText } from './module.ts'
import { makeSlots, type Slots } from './slots.ts'
import type { Value } from './value.ts'

/** What the loop over a source's batch needs of its decoder. */
export interface EmittedDecoder {
  /**
   * Code for the start of the loop's body: rejects and goes on where the record is bad. The document is the record's value, or
   * what stands at `range` in the batch's bytes. Null: nothing is decoded.
   */
  readonly guard: ((range?: DocumentRange) => void) | null
  /** What finds the rows that the loop goes over; null: it goes over records. */
  readonly rows: Code | null
  /** The row that leaves the decoder; to be called once per loop, it names what is parsed. */
  row(bind: (hint: string, code: Code) => Code): Value[]
}

/** Where a document begins and ends. */
export interface DocumentRange {
  readonly start: Code
  readonly end: Code
}

const wholeValue: DocumentRange = {
  start: js`batch.valueStart[i]!`,
  end: js`batch.valueEnd[i]!`
}

/**
 * Emits `decodeX(bytes, start, end)`: one pass over the JSON object that fills the slots of one reused row. See
 * runtime/codec/index.ts for the primitives and for the shape.
 */
export function emitDecoder(
  task: Pick<SourceTask, 'source' | 'decoder' | 'exchange'>,
  module: Module,
  hint = task.source.name
): EmittedDecoder {
  const { source, decoder } = task
  if (source.format === 'avro' || source.format === 'protobuf') {
    return emitRecordDecoder(task, module, hint)
  }
  const slots = makeSlots(source, hint, module)
  if (source.format === 'arrow') return emitArrowDecoder(task, slots, hint)
  const reads = planReads(task, slots)
  const fields = reads.flatMap(read => read.field ?? [])
  const isJson = holdsJson(task)
  const row: EmittedDecoder['row'] = bind =>
    reads.slice(0, decoder.columns.length).map(read => read.value(bind))
  const texts = wholeTexts(task)
  if (!isJson && texts.length === 0) return { guard: null, rows: null, row }
  const name = module.scope.name(`decode ${pascalCase(hint)}`)
  const labels = module.scope.constant(`${hint} columns`)
  const whole = fields.filter(({ path }) => path.length === 0)
  const groups = groupByKey(fields.filter(({ path }) => path.length > 0))
  module.body.comment(
    `${hint}: reads ${count(decoder)} of ${source.columns.length} columns. ${placeText(source.span)}`
  )
  slots.declare()
  const own = groups.map(group => group[0]!)
  const others = fields.filter(field => !own.includes(field))
  const named = [...own, ...others].map(({ label }) => label)
  const shown = [...named, ...texts.map(labelOf)].map(({ name, type }) => ({ name, type }))
  writeData(module.body, js`const ${labels} = `, shown, js` as const`)
  if (isJson) emitKeys({ name, groups, labels: named, module, title: hint }, whole)
  else module.body.blank()
  const guard = (range = wholeValue): void => {
    if (isJson) emitGuard(name, labels, range, module)
    texts.forEach((column, i) => emitTextGuard(column, named.length + i, labels, module))
  }
  return { guard, rows: null, row }
}

/** Rows of an exchange are objects also where they have no columns: what tells of time there is told from them by being none. */
function holdsJson({ source, exchange }: Pick<SourceTask, 'source' | 'exchange'>): boolean {
  const hasFields = source.columns.some(({ from }) => from.kind === 'Field')
  return source.format === 'json' && (hasFields || exchange !== undefined)
}

/** Fields are read for all rows at once, before the loop. */
function emitArrowDecoder(
  task: Pick<SourceTask, 'source' | 'decoder'>,
  slots: Slots,
  hint: string
): EmittedDecoder {
  const { module } = slots
  const { body } = module
  const texts = wholeTexts(task)
  const labels = module.scope.constant(`${hint} columns`)
  const shown = texts.map(labelOf).map(({ name, type }) => ({ name, type }))
  if (texts.length > 0) writeData(body, js`const ${labels} = `, shown, js` as const`)
  const columns = emitArrowColumns(task, module, hint)
  return {
    rows: columns.rows,
    guard() {
      body.line(js`if (${columns.rows}.refuses(i)) continue`)
      texts.forEach((column, i) => emitTextGuard(column, i, labels, module))
    },
    row: bind =>
      task.decoder.columns.map(({ column }) =>
        column.from.kind === 'Field'
          ? columns.value(column, bind)
          : outsideValue(column, slots, bind)
      )
  }
}

/** A decoder of the runtime's, and the columns that are outside of the value. */
function emitRecordDecoder(
  task: Pick<SourceTask, 'source' | 'decoder'>,
  module: Module,
  hint: string
): EmittedDecoder {
  const { source, decoder } = task
  const { body } = module
  const slots = makeSlots(source, hint, module)
  const texts = wholeTexts(task)
  const all = [...decoder.columns.map(({ column }) => column), ...decoder.checks]
  const fields = all.filter(({ from }) => from.kind === 'Field')
  body.comment(
    `${hint}: reads ${count(decoder)} of ${source.columns.length} columns. ${placeText(source.span)}`
  )
  // Of a change the row after it is decoded: what comes before is done with in emit-feed.ts.
  const within = source.feeds?.format === 'debezium' ? 'after' : null
  const names =
    source.format === 'avro'
      ? emitAvroDecoder(source, fields, hint, module, within)
      : emitProtobufDecoder(source, fields, hint, module)
  const labels = module.scope.constant(`${hint} columns`)
  if (texts.length > 0) {
    const shown = texts.map(labelOf).map(({ name, type }) => ({ name, type }))
    writeData(body, js`const ${labels} = `, shown, js` as const`)
    body.blank()
  }
  return {
    rows: null,
    guard(range = wholeValue) {
      body.if(js`!${names.read(range.start, range.end)}`, () => {
        body.line(js`batch.reject(i, ${names.error})`)
        body.line(js`continue`)
      })
      texts.forEach((column, i) => emitTextGuard(column, i, labels, module))
    },
    row: bind =>
      decoder.columns.map(({ column }) =>
        column.from.kind === 'Field' ? names.value(column, bind) : outsideValue(column, slots, bind)
      )
  }
}

/** Columns that are not in the document and may be no text, or missing. */
function wholeTexts({
  source,
  decoder: { columns, checks }
}: Pick<SourceTask, 'source' | 'decoder'>): BoundColumn[] {
  const decoded = new Set([...columns.map(({ column }) => column), ...checks])
  return source.columns.filter(column => decoded.has(column) && statusOf(column) !== null)
}

/** What checks such a column of a record; null: nothing can be wrong. */
function statusOf(column: BoundColumn): RuntimeName | null {
  const { from, notNull } = column
  const type = typeAsRead(column)
  if (from.kind === 'Value') {
    if (!isBytes(type)) return 'valueStatus'
    return notNull ? 'valueBytesStatus' : null
  }
  if (from.kind !== 'Metadata') return null
  if (from.what === 'headers') return isBytes(type) ? null : 'headersStatus'
  if (from.what !== 'key') return null
  if (!isBytes(type)) return 'keyStatus'
  return notNull ? 'keyBytesStatus' : null
}

/** BYTES, or a map of them. */
function isBytes(type: SqlType): boolean {
  return type.kind === 'Bytes' || (type.kind === 'Map' && type.value.kind === 'Bytes')
}

function labelOf({ name, type }: BoundColumn): ColumnLabel {
  return { name, type: showType(type) }
}

function count({ columns, checks }: Decoder): number {
  return columns.length + checks.length
}

/** UTF-8 first, the decoder then; a bad record is handed over and the loop goes on. */
function emitGuard(decode: Code, labels: Code, range: DocumentRange, module: Module): void {
  const { body, use } = module
  const isUtf8 = js`batch.utf8 || start < 0 || ${use('isUtf8Range')}(bytes, start, end)`
  const bad = js`${use('failure')}(${use('Bad')}.utf8, ${use('NO_COLUMN')})`
  body.line(js`const start = ${range.start}`)
  body.line(js`const end = ${range.end}`)
  body.line(js`const status = ${isUtf8} ? ${decode}(bytes, start, end) : ${bad}`)
  body.if(js`status !== ${use('DecodeStatus')}.Ok`, () => {
    body.line(js`batch.reject(i, ${use('recordError')}(status, start, ${labels}))`)
    body.line(js`continue`)
  })
}

function emitTextGuard(
  column: BoundColumn,
  index: number,
  labels: Code,
  { body, use, scope }: Module
): void {
  const check = statusOf(column)!
  const status = scope.name(`${column.name} status`)
  const rest = check === 'headersStatus' ? [] : [js`${column.notNull}`]
  body.line(js`const ${status} = ${use(check)}(${[js`batch`, js`i`, js`${index}`, ...rest]})`)
  body.if(js`${status} !== ${use('DecodeStatus')}.Ok`, () => {
    body.line(js`batch.reject(i, ${use('recordError')}(${status}, 0, ${labels}))`)
    body.line(js`continue`)
  })
}

interface ColumnRead {
  readonly field: FieldRead | null
  value(bind: (hint: string, code: Code) => Code): Value
}

function planReads(
  { source, decoder }: Pick<SourceTask, 'source' | 'decoder'>,
  slots: Slots
): ColumnRead[] {
  const unit = source.timestampUnit ?? 'auto'
  const planRead = ({ column, copied, parsed, compared }: DecoderColumn): ColumnRead => {
    const { from, notNull } = column
    if (from.kind !== 'Field') {
      return { field: null, value: bind => outsideValue(column, slots, bind) }
    }
    // Whoever looks at rows wants values, also of what is only copied.
    const isParsed = parsed || slots.module.looks
    const read = slots.read(column, { copied, parsed: isParsed, compared, unit })
    const { path } = from
    const order = source.columns.indexOf(column)
    return { field: { ...read, label: labelOf(column), order, path, notNull }, value: read.value }
  }
  const checks = decoder.checks.map(column => ({
    ...{ column, copied: true, parsed: false, compared: false }
  }))
  return [...decoder.columns, ...checks].map(planRead)
}

/** Columns that are not in the document: the whole value, and what Kafka says of the record. */
function outsideValue(
  column: BoundColumn,
  slots: Slots,
  bind: (hint: string, code: Code) => Code
): Value {
  const { name, from, notNull } = column
  const type = typeAsRead(column)
  const { use } = slots.module
  const whole = (read: 'valueText' | 'valueBytes' | 'keyText' | 'keyBytes'): Value => {
    const code = notNull ? js`${use(read)}(batch, i)!` : js`${use(read)}(batch, i)`
    return { code: bind(name, code), nulls: notNull ? 'never' : 'null', simple: true }
  }
  if (from.kind === 'Value') return whole(isBytes(type) ? 'valueBytes' : 'valueText')
  const what = from.kind === 'Metadata' ? from.what : 'topic'
  switch (what) {
    case 'key':
      return whole(isBytes(type) ? 'keyBytes' : 'keyText')
    case 'headers': {
      const read = use(isBytes(type) ? 'headerBytes' : 'headerTexts')
      return { code: bind(name, js`${read}(batch, i)`), nulls: 'never', simple: true }
    }
    case 'topic':
      return { code: js`${slots.topic}`, nulls: 'never', simple: true }
    case 'partition':
    case 'offset':
    case 'timestamp': {
      const array = {
        partition: js`batch.partition`,
        offset: js`batch.offset`,
        timestamp: js`batch.timestamp`
      }[what]
      const code = bind(name, js`${array}[i]!`)
      return { code, nulls: 'never', simple: true }
    }
  }
}
