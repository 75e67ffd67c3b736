import type { ValueColumn, ValueType } from '../contract/index.ts'
import { type Decimal, formatDecimal } from '../sql/decimal.ts'
import type { TimestampUnit } from '../sql/timestamp.ts'
import { fail, LENGTH, ProtoCursor } from './proto-cursor.ts'
import type { ProtoField, ProtoMessage } from './proto-file.ts'
import { defaultOf } from './field-default.ts'
import type { ProtoFiles, ProtoType } from './resolve-proto.ts'
import { enumReader, type FieldReader, scalarReader } from './scalar-reader.ts'
import { readFields, wellKnownReader } from './well-known.ts'

/** A value of a message that is read, and its place in the row. */
export interface Wanted {
  /** The fields to follow. */
  readonly path: readonly string[]
  readonly type: ValueType
  readonly target: number
  /** For a field that is missing, where it may be; undefined: NULL. */
  readonly otherwise?: unknown
}

export interface PlanContext {
  readonly unit: TimestampUnit
  /** Whether its rows are the columns of records; false: values of columns. */
  readonly isRecord: boolean
  /** Gives places in a row beside the targets. */
  spare(): number
}

/** A field whose type is none that the wanted one is read from. */
export class ProtoMisfit extends Error {
  readonly target: number

  constructor(message: string, target: number) {
    super(message)
    this.target = target
  }
}

/** What takes a field, behind its tag. */
type TakeField = (c: ProtoCursor, tag: number, row: unknown[]) => void

const NO_ITEMS: readonly unknown[] = []
const NO_ENTRIES: ReadonlyMap<string, unknown> = new Map()

/** How messages of one type are read into rows: only the fields that are wanted. */
export class MessagePlan {
  readonly #files: ProtoFiles
  readonly #context: PlanContext
  /** By the fields' numbers; those are few, and mostly small. */
  readonly #takes: (TakeField | undefined)[] = []
  readonly #far = new Map<number, TakeField>()
  /** Numbers of the fields that proto2 requires, whether or not they are wanted. */
  readonly #required: readonly number[]
  /** What stands in a row of which no field has come. */
  readonly #absent: { readonly target: number; readonly value: unknown }[] = []

  /** Throws ProtoMisfit and ProtoUnresolved. */
  constructor(
    files: ProtoFiles,
    message: ProtoMessage,
    wanted: readonly Wanted[],
    context: PlanContext
  ) {
    this.#files = files
    this.#context = context
    this.#required = message.fields.filter(field => field.isRequired).map(({ number }) => number)
    const byField = Map.groupBy(wanted, ({ path }) => path[0]!)
    for (const [name, group] of byField) {
      const field = message.fields.find(one => one.name === name)
      if (field === undefined) this.#missing(group)
      else this.#add(field, message, group)
    }
  }

  /** Makes a row empty. */
  clear(row: unknown[]): void {
    for (const { target, value } of this.#absent) row[target] = value
  }

  /** Reads the fields up to the cursor's end. */
  read(c: ProtoCursor, row: unknown[]): void {
    const seen = this.#required.length === 0 ? null : new Set<number>()
    while (c.pos < c.end) {
      const tag = c.tag()
      const number = tag >>> 3
      seen?.add(number)
      const take = number < 64 ? this.#takes[number] : this.#far.get(number)
      if (take === undefined) c.skip(tag)
      else take(c, tag, row)
    }
    if (seen !== null && !this.#required.every(number => seen.has(number))) {
      fail('missing-required')
    }
  }

  /** Failures say which column is read. */
  #named({ target }: Wanted, take: TakeField): TakeField {
    if (!this.#context.isRecord) return take
    return (c, tag, row) => {
      c.column = target
      take(c, tag, row)
    }
  }

  #missing(group: readonly Wanted[]): void {
    for (const { target, otherwise = null } of group)
      this.#absent.push({ target, value: otherwise })
  }

  #set(number: number, take: TakeField): void {
    if (number < 64) this.#takes[number] = take
    else this.#far.set(number, take)
  }

  #add(field: ProtoField, message: ProtoMessage, group: readonly Wanted[]): void {
    const type = this.#files.typeOf(field, message)
    const takes: TakeField[] = []
    for (const wanted of group) {
      if (wanted.path.length === 1)
        takes.push(this.#named(wanted, this.#whole(field, type, wanted)))
    }
    const inner = group
      .filter(({ path }) => path.length > 1)
      .map(wanted => ({ ...wanted, path: wanted.path.slice(1) }))
    if (inner.length > 0) takes.push(this.#inside(field, type, inner))
    const [first, ...more] = takes
    if (more.length === 0) return this.#set(field.number, first!)
    this.#set(field.number, (c, tag, row) => {
      const start = c.pos
      for (const take of takes) {
        c.pos = start
        take(c, tag, row)
      }
    })
  }

  /** Fields of a message inside of this one, in the same row: NULL where it is not there. */
  #inside(field: ProtoField, type: ProtoType, inner: readonly Wanted[]): TakeField {
    if (type.kind !== 'message' || field.isRepeated) {
      throw new ProtoMisfit(`the field "${field.name}" is no message`, inner[0]!.target)
    }
    this.#missing(inner)
    const seen = this.#context.spare()
    this.#absent.push({ target: seen, value: false })
    const plan = new MessagePlan(this.#files, type.message, inner, this.#context)
    return (c, tag, row) => {
      if ((tag & 7) !== LENGTH) fail('wrong-type')
      if (row[seen] !== true) plan.clear(row)
      row[seen] = true
      plan.#readInside(c, row)
    }
  }

  /** A message with its length before it. */
  #readInside(c: ProtoCursor, row: unknown[]): void {
    const outer = c.end
    const length = c.length()
    c.end = c.pos + length
    c.enter()
    this.read(c, row)
    c.depth--
    c.end = outer
  }

  #whole(
    field: ProtoField,
    type: ProtoType,
    { type: wanted, target, otherwise }: Wanted
  ): TakeField {
    if (field.isRepeated) return this.#repeated(field, type, wanted, target)
    const reader = this.#reader(type, wanted)
    if (reader === null) throw this.#misfit(field, type, target)
    const { wire, read, implicit } = reader
    const absent =
      field.hasPresence || type.kind === 'message'
        ? (otherwise ?? defaultOf(field, type, wanted))
        : implicit
    this.#absent.push({ target, value: absent })
    const isMessage = type.kind === 'message'
    return (c, tag, row) => {
      if ((tag & 7) !== wire) fail('wrong-type')
      row[target] = read(c, isMessage ? row[target] : null)
    }
  }

  #repeated(field: ProtoField, type: ProtoType, wanted: ValueType, target: number): TakeField {
    if (wanted.kind === 'Map') return this.#map(field, type, wanted.value, target)
    const element = elementOf(wanted)
    const reader = element === null ? null : this.#reader(type, element)
    if (reader === null) throw this.#misfit(field, type, target)
    const { wire, read } = reader
    this.#absent.push({ target, value: NO_ITEMS })
    const push = (c: ProtoCursor, row: unknown[]): void => {
      if (row[target] === NO_ITEMS) row[target] = []
      ;(row[target] as unknown[]).push(read(c, null))
    }
    return (c, tag, row) => {
      if ((tag & 7) === wire) return push(c, row)
      if (wire === LENGTH || (tag & 7) !== LENGTH) fail('wrong-type')
      // Packed: the values of all, one behind the other.
      const outer = c.end
      const length = c.length()
      c.end = c.pos + length
      while (c.pos < c.end) push(c, row)
      c.end = outer
    }
  }

  #map(field: ProtoField, type: ProtoType, wanted: ValueType, target: number): TakeField {
    if (type.kind !== 'message' || !type.message.isMapEntry) throw this.#misfit(field, type, target)
    const [keyField, valueField] = type.message.fields
    const key = this.#reader(this.#files.typeOf(keyField!, type.message), keyType(keyField!.type))
    const valueType = this.#files.typeOf(valueField!, type.message)
    const value = this.#reader(valueType, wanted)
    if (key === null || value === null) throw this.#misfit(valueField!, valueType, target)
    // What an entry without a value has: of a message, an empty one.
    const none = valueType.kind === 'message' ? this.#emptyOf(value) : value.implicit
    this.#absent.push({ target, value: NO_ENTRIES })
    return (c, tag, row) => {
      if ((tag & 7) !== LENGTH) fail('wrong-type')
      let name = keyText(key.implicit)
      let item = none
      readFields(c, inner => {
        if (inner === 8 + key.wire) name = keyText(key.read(c, null))
        else if (inner === 16 + value.wire) item = value.read(c, null)
        else return inner >>> 3 > 2 ? false : fail('wrong-type')
        return true
      })
      if (row[target] === NO_ENTRIES) row[target] = new Map()
      ;(row[target] as Map<string, unknown>).set(name, item)
    }
  }

  #emptyOf({ read }: FieldReader): unknown {
    const c = new ProtoCursor()
    c.move(Uint8Array.of(0), 0, 1)
    return read(c, null)
  }

  #reader(type: ProtoType, wanted: ValueType): FieldReader | null {
    switch (type.kind) {
      case 'scalar':
        return scalarReader(type.scalar, wanted, this.#context.unit)
      case 'enum':
        return enumReader(type.enum, wanted)
      case 'message':
        return (
          wellKnownReader(type.message.fullName, wanted, this.#context.unit) ??
          (wanted.kind === 'Row' ? this.#row(type.message, wanted.fields) : null)
        )
      case 'group':
        return null
    }
  }

  #row(message: ProtoMessage, fields: readonly ValueColumn[]): FieldReader {
    const wanted = fields.map(({ name, type }, target) => ({ path: [name], type, target }))
    const plan = new MessagePlan(this.#files, message, wanted, {
      ...{ unit: this.#context.unit, isRecord: false },
      spare: () => {
        throw new Error('a row has no fields inside of others')
      }
    })
    const read = (c: ProtoCursor, before: unknown): unknown[] => {
      const row = before === null ? new Array<unknown>(fields.length) : (before as unknown[])
      if (before === null) plan.clear(row)
      plan.#readInside(c, row)
      return row
    }
    return { wire: LENGTH, read, implicit: null }
  }

  #misfit({ name, isRepeated }: ProtoField, type: ProtoType, target: number): ProtoMisfit {
    const shown = showType(type)
    return new ProtoMisfit(
      `the field "${name}" is ${isRepeated ? 'repeated ' : ''}${shown}, which does not fit`,
      target
    )
  }
}

function elementOf(type: ValueType): ValueType | null {
  if (type.kind === 'Vector') return { kind: 'Double' }
  return type.kind === 'Array' ? type.element : null
}

/** Keys are texts in SQL. */
function keyType(scalar: string): ValueType {
  if (scalar === 'string') return { kind: 'Text' }
  if (scalar === 'bool') return { kind: 'Boolean' }
  return { kind: 'Decimal', precision: null, scale: null }
}

function keyText(key: unknown): string {
  return typeof key === 'object' ? formatDecimal(key as Decimal) : String(key)
}

function showType(type: ProtoType): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar
    case 'enum':
      return type.enum.fullName
    case 'message':
      return type.message.isMapEntry ? 'map' : type.message.fullName
    case 'group':
      return 'a group'
  }
}
