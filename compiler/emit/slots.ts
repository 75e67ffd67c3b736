import { js, type Code } from '../code/index.ts'
import { emitCodec, type RuntimeName } from '../functions/index.ts'
import type { BoundColumn, BoundSource } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'
import { textOfBytes } from './compared-text.ts'
import { emitLiteral } from './emit-literal.ts'
import type { Module } from './module.ts'
import type { CopyRange, Value } from './value.ts'

export interface ReadOptions {
  readonly copied: boolean
  readonly parsed: boolean
  /** Its bytes are enough, a string can be made of them. */
  readonly compared: boolean
  readonly unit: string
}

/** How a decoder gets one column and how the loop sees it. */
export interface SlotRead {
  /** Calls of primitives, from the same `pos`, each answering the position behind the value. */
  readonly read: readonly ((pos: Code) => Code)[]
  /** Statements that make the column NULL, or its default: a field that is missing. */
  readonly reset: readonly Code[]
  /** TRUE where the slot holds NULL. */
  readonly isNull: Code
  /** Where a range is stored, if that is all that `read` does: the scanner may store what is plain by itself. */
  readonly scanned?: ScannedRange
  value(bind: (hint: string, code: Code) => Code): Value
}

/** A pair of `ranges`, from the index `at` on. */
export interface ScannedRange {
  readonly kind: 'text' | 'integer'
  readonly ranges: Code
  readonly at: number
}

/** The slots of one source's reused row: typed arrays, and plain arrays for text and decimals. */
export interface Slots {
  readonly module: Module
  readonly topic: string
  read(column: BoundColumn, options: ReadOptions): SlotRead
  /** Writes the declarations; after all reads are planned. */
  declare(): void
}

/** `hint` names the slots: one source may have several sets of them. */
export function makeSlots({ topic }: BoundSource, hint: string, module: Module): Slots {
  const names = {
    number: module.scope.name(`${hint} number`),
    range: module.scope.name(`${hint} range`),
    text: module.scope.name(`${hint} text`),
    decimal: module.scope.name(`${hint} decimal`),
    wide: module.scope.name(`${hint} wide`)
  }
  const used = { number: 0, range: 0, text: 0, decimal: 0, wide: false, scanned: false }
  const context: SlotContext = { module, names, used, slots: [] }
  return {
    module,
    topic,
    read: (column, options) => readOf(column, options, context),
    declare() {
      const { body } = module
      if (used.number > 0) body.line(js`const ${names.number} = new Float64Array(${used.number})`)
      if (used.range > 0) {
        const ranges = used.scanned
          ? js`${module.use('reserveRanges')}(${used.range})`
          : js`new Int32Array(${used.range * 2})`
        body.line(js`const ${names.range} = ${ranges}`)
      }
      if (used.text > 0) body.line(js`const ${names.text}: (string | null)[] = []`)
      if (used.wide) body.line(js`const ${names.wide}: (bigint | null)[] = []`)
      if (used.decimal > 0) {
        module.useType('Decimal')
        body.line(js`const ${names.decimal}: (Decimal | null)[] = []`)
      }
      for (const slot of context.slots) body.line(slot)
    }
  }
}

interface SlotContext {
  readonly module: Module
  readonly names: Readonly<Record<'number' | 'range' | 'text' | 'decimal' | 'wide', Code>>
  readonly used: {
    number: number
    range: number
    text: number
    decimal: number
    wide: boolean
    /** Whether the scanner stores ranges by itself. */
    scanned: boolean
  }
  /** Declarations of slots for values that are objects. */
  readonly slots: Code[]
}

/** Types whose bytes are not what a sink writes, or as cheap to write anew. */
const alwaysParsed: ReadonlySet<SqlType['kind']> = new Set([
  ...(['Boolean', 'Real', 'Date', 'Time', 'Timestamp', 'TimestampTz', 'Interval'] as const)
])

function readOf(column: BoundColumn, options: ReadOptions, cx: SlotContext): SlotRead {
  const parts: SlotRead[] = []
  const always = alwaysParsed.has(column.type.kind)
  if (options.parsed || always) parts.push(parsedRead(column, options.unit, cx))
  else if (options.compared) return comparedRead(column, options.unit, cx)
  if (options.copied && !always) parts.push(copiedRead(column, options.unit, cx))
  if (parts.length === 0) parts.push(parsedRead(column, options.unit, cx))
  const [first, second] = parts
  if (second === undefined) return first!
  return {
    read: [...first!.read, ...second.read],
    reset: [...first!.reset, ...second.reset],
    isNull: first!.isNull,
    value: bind => {
      const value = first!.value(bind)
      const { copy } = second.value(bind)
      return copy === undefined ? value : { ...value, copy }
    }
  }
}

function parsedRead(
  { name, type, notNull, defaultValue }: BoundColumn,
  unit: string,
  cx: SlotContext
): SlotRead {
  const { module, names, used } = cx
  const { use } = module
  const start = defaultValue === null ? null : defaultValue.value
  const nulls = notNull ? 'never' : 'null'
  const literal = (): Code =>
    emitLiteral(
      {
        kind: 'Literal',
        value: start,
        type,
        nullable: start === null,
        span: module.script.sources[0]!.span
      },
      module
    ).code
  switch (type.kind) {
    case 'Text':
    case 'Json': {
      const slot = js`${names.text}[${used.text}]`
      const args = [names.text, js`${used.text++}`]
      const primitive = use(type.kind === 'Text' ? 'readText' : 'readJson')
      return {
        read: [pos => js`${primitive}(bytes, ${pos}, end, ${args})`],
        reset: [js`${slot} = ${literal()}`],
        isNull: js`${slot} === null`,
        value: bind => ({
          code: bind(name, notNull ? js`${slot}!` : js`${slot} ?? null`),
          nulls,
          simple: true
        })
      }
    }
    case 'Decimal': {
      const slot = js`${names.decimal}[${used.decimal}]`
      const args = [names.decimal, js`${used.decimal++}`, ...shapeOf(type)]
      return {
        read: [pos => js`${use('readDecimal')}(bytes, ${pos}, end, ${args})`],
        reset: [js`${slot} = ${literal()}`],
        isNull: js`${slot} === null`,
        value: bind => ({
          code: bind(name, notNull ? js`${slot}!` : js`${slot} ?? null`),
          nulls,
          simple: true
        })
      }
    }
    case 'Interval':
    case 'Bytes':
    case 'Array':
    case 'Row':
    case 'Map':
    case 'Vector': {
      const { slot, codec } = valueSlot(name, type, unit, cx)
      return {
        read: [pos => js`${use('readValue')}(bytes, ${pos}, end, ${slot}, ${codec})`],
        reset: [js`${slot}.value = ${literal()}`],
        isNull: js`${slot}.value === null`,
        value: bind => ({
          code: bind(name, notNull ? js`${slot}.value!` : js`${slot}.value`),
          nulls,
          simple: true
        })
      }
    }
    default:
      return numberRead({ name, type, notNull, start, unit }, cx)
  }
}

/** A slot of its own, and the codec that fills it. */
function valueSlot(
  name: string,
  type: SqlType,
  unit: string,
  { module, slots }: SlotContext
): { readonly slot: Code; readonly codec: Code } {
  const slot = module.scope.name(`${name} slot`)
  const codec = emitCodec(type, module, { unit })
  module.useType('Slot')
  slots.push(js`const ${slot}: Slot<${module.type(type, false)}> = { value: null }`)
  return { slot, codec }
}

interface NumberColumn {
  readonly name: string
  readonly type: SqlType
  readonly notNull: boolean
  readonly start: BoundColumn['defaultValue'] extends infer D
    ? (D extends { value: infer V } ? V : never) | null
    : never
  readonly unit: string
}

/** BOOLEAN, integers, REAL, DOUBLE, dates and times share one Float64Array; NaN is NULL. */
function numberRead({ name, type, notNull, start, unit }: NumberColumn, cx: SlotContext): SlotRead {
  const { names, used } = cx
  const { use } = cx.module
  const index = used.number++
  const slot = js`${names.number}[${index}]!`
  const isNull = js`${slot} !== ${slot}`
  const reset = [js`${names.number}[${index}] = ${start === null ? js`NaN` : numberStart(start)}`]
  const args = [names.number, js`${index}`]
  const read = (primitive: Code, ...rest: Code[]) => [
    (pos: Code): Code => js`${primitive}(bytes, ${pos}, end, ${[...args, ...rest]})`
  ]
  switch (type.kind) {
    case 'BigInt': {
      used.wide = true
      const at = js`${use('bigintAt')}(${names.number}, ${names.wide}, ${index})`
      if (typeof start === 'bigint' && !Number.isSafeInteger(Number(start))) {
        reset.push(js`${names.number}[${index}] = Infinity`, js`${names.wide}[${index}] = ${start}`)
      }
      return {
        read: [
          pos =>
            js`${use('readBigInt')}(bytes, ${pos}, end, ${names.number}, ${names.wide}, ${index})`
        ],
        reset,
        isNull,
        value: bind => ({
          code: bind(name, notNull ? at : js`${isNull} ? null : ${at}`),
          nulls: notNull ? 'never' : 'null',
          simple: true
        })
      }
    }
    case 'Boolean':
      return {
        read: read(use('readBoolean')),
        reset,
        isNull,
        value: bind => ({
          code: bind(name, notNull ? js`${slot} === 1` : js`${isNull} ? null : ${slot} === 1`),
          nulls: notNull ? 'never' : 'null',
          simple: true
        })
      }
    case 'Timestamp':
    case 'TimestampTz':
      return { read: read(use('readTimestamp'), js`${unit}`), reset, isNull, value: plain }
    default:
      return { read: read(use(primitives[type.kind] ?? 'readInt')), reset, isNull, value: plain }
  }
  function plain(bind: (hint: string, code: Code) => Code): Value {
    return { code: bind(name, slot), nulls: notNull ? 'never' : 'nan', simple: true, finite: true }
  }
}

const primitives: Partial<Record<SqlType['kind'], RuntimeName>> = {
  Real: 'readReal',
  Double: 'readDouble',
  SmallInt: 'readSmallInt',
  Date: 'readDate',
  Time: 'readTime'
}

function numberStart(value: boolean | number | bigint | string): Code {
  return js`${typeof value === 'boolean' ? (value ? 1 : 0) : Number(value)}`
}

function copiedRead(column: BoundColumn, unit: string, cx: SlotContext): SlotRead {
  const { name: columnName, type, notNull } = column
  const { names, used, module } = cx
  const { use } = module
  const at = used.range++ * 2
  const range = { start: js`${names.range}[${at}]!`, end: js`${names.range}[${at + 1}]!` }
  const args: Code[] = [names.range, js`${at}`]
  let instead: CopyRange['instead'] = null
  const primitive = {
    SmallInt: 'rangeSmallInt',
    Double: 'rangeDouble',
    BigInt: 'rangeBigInt',
    Text: 'rangeText',
    Json: 'rangeJson',
    Decimal: 'rangeDecimal'
  } as const
  const method = copyMethods[type.kind] ?? 'copy'
  const name =
    method === 'writeRange'
      ? 'rangeValue'
      : (primitive[type.kind as keyof typeof primitive] ?? 'rangeInt')
  if (type.kind === 'Decimal') {
    const code = js`${names.decimal}[${used.decimal}] ?? null`
    instead = { code, type: module.type(type, true), codec: js`null` }
    args.push(names.decimal, js`${used.decimal++}`, ...shapeOf(type))
  }
  if (method === 'writeRange') {
    const { slot, codec } = valueSlot(columnName, type, unit, cx)
    instead = { code: js`${slot}.value`, type: module.type(type, true), codec }
    args.push(slot, codec)
  }
  const copy: CopyRange = { ...range, method, instead }
  const kind = scannedKinds[type.kind]
  if (kind !== undefined) used.scanned = true
  return {
    ...(kind === undefined ? {} : { scanned: { kind, ranges: names.range, at } }),
    read: [pos => js`${use(name)}(bytes, ${pos}, end, ${args})`],
    reset: [js`${names.range}[${at}] = -1`],
    isNull: js`${range.start} === -1`,
    value: () => ({ code: js`null`, nulls: notNull ? 'never' : 'null', simple: true, copy })
  }
}

/** A sink that copies the column does so from the same bytes. */
function comparedRead(column: BoundColumn, unit: string, cx: SlotContext): SlotRead {
  const read = copiedRead(column, unit, cx)
  return {
    ...read,
    value: bind => {
      const { copy, nulls } = read.value(bind)
      return textOfBytes(copy!, nulls, cx.module)
    }
  }
}

const scannedKinds: Partial<Record<SqlType['kind'], ScannedRange['kind']>> = {
  Text: 'text',
  BigInt: 'integer'
}

const copyMethods: Partial<Record<SqlType['kind'], CopyRange['method']>> = {
  Text: 'textRange',
  Decimal: 'decimalRange',
  Bytes: 'writeRange',
  Array: 'writeRange',
  Row: 'writeRange',
  Map: 'writeRange',
  Vector: 'writeRange'
}

/** Precision and scale; 0 and 0 for a bare DECIMAL. */
function shapeOf({ precision, scale }: Extract<SqlType, { kind: 'Decimal' }>): Code[] {
  return [js`${precision ?? 0}`, js`${scale ?? 0}`]
}
