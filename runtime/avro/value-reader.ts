import type { ColumnType } from '../contract/index.ts'
import type { TimestampUnit } from '../sql/timestamp.ts'
import { type AvroCursor, fail, MAX_DEPTH } from './cursor.ts'
import { scalarStore, type Store } from './scalar-stores.ts'
import { type AvroSchema, showSchema } from './schema.ts'
import { leastSize, makeSkips, type Skip } from './skipper.ts'
import { isNumber, Slots } from './slots.ts'

/** Reads a value inside of another; NULL is null. */
type Read = (c: AvroCursor) => unknown

/** A type of Avro that a column can't be read from. */
export class Misfit {
  readonly schema: AvroSchema
  constructor(schema: AvroSchema) {
    this.schema = schema
  }
  get text(): string {
    return showSchema(this.schema)
  }
}

/** Makes what reads values of a schema into columns. */
export interface ValueReaders {
  /** Leaves a column's value in its slot, NULL too. */
  store(writer: AvroSchema, type: ColumnType, notNull: boolean): Store | Misfit
  skip(schema: AvroSchema): Skip
}

export function makeReaders(unit: TimestampUnit): ValueReaders {
  const skip = makeSkips()
  const scratch = new Slots(1)

  /** Of a value that is no union. */
  const storeOf = (writer: AvroSchema, type: ColumnType): Store | Misfit => {
    const scalar = scalarStore(writer, type, unit)
    if (scalar !== null) return scalar
    const read = readComposite(writer, type)
    if (read instanceof Misfit) return read
    return (c, s, slot) => {
      s.object[slot] = read(c)
    }
  }

  const readOf = (writer: AvroSchema, type: ColumnType): Read | Misfit => {
    if (writer.kind === 'null') return () => null
    if (writer.kind === 'union') return readUnion(writer.branches, type)
    const scalar = scalarStore(writer, type, unit)
    if (scalar === null) return readComposite(writer, type)
    return c => {
      scalar(c, scratch, 0)
      return scratch.get(0, type)
    }
  }

  const readUnion = (branches: readonly AvroSchema[], type: ColumnType): Read | Misfit => {
    const reads = branches.map(branch => readOf(branch, type))
    const misfit = misfitOfAll(branches, reads)
    if (misfit !== null) return misfit
    return c => {
      const read = reads[c.index(reads.length)]!
      return read instanceof Misfit ? fail('wrong-type') : read(c)
    }
  }

  const readComposite = (writer: AvroSchema, type: ColumnType): Read | Misfit => {
    switch (type.kind) {
      case 'Array':
        return writer.kind === 'array' ? readArray(writer.items, type.element) : new Misfit(writer)
      case 'Vector':
        return writer.kind === 'array'
          ? readVector(writer.items, type.dimensions)
          : new Misfit(writer)
      case 'Map':
        return writer.kind === 'map' ? readMap(writer.values, type.value) : new Misfit(writer)
      case 'Row':
        return writer.kind === 'record' ? readRow(writer, type.fields) : new Misfit(writer)
      default:
        return new Misfit(writer)
    }
  }

  const readArray = (items: AvroSchema, element: ColumnType): Read | Misfit => {
    const read = readOf(items, element)
    if (read instanceof Misfit) return read
    const size = leastSize(items)
    return c => {
      const values: unknown[] = []
      eachItem(c, size, () => values.push(read(c)))
      return values
    }
  }

  const readVector = (items: AvroSchema, dimensions: number): Read | Misfit => {
    const read = readOf(items, { kind: 'Double' })
    if (read instanceof Misfit) return read
    const size = leastSize(items)
    return c => {
      const values = new Float64Array(dimensions)
      let count = 0
      eachItem(c, size, () => {
        const value = read(c)
        if (value === null) fail('wrong-type')
        values[count++] = value as number
      })
      return count === dimensions ? values : fail('wrong-dimensions')
    }
  }

  const readMap = (values: AvroSchema, value: ColumnType): Read | Misfit => {
    const read = readOf(values, value)
    if (read instanceof Misfit) return read
    const size = 1 + leastSize(values)
    return c => {
      const entries = new Map<string, unknown>()
      eachItem(c, size, () => {
        const key = c.text()
        entries.set(key, read(c))
      })
      return entries
    }
  }

  const readRow = (
    record: Extract<AvroSchema, { kind: 'record' }>,
    fields: Extract<ColumnType, { kind: 'Row' }>['fields']
  ): Read | Misfit => {
    const steps: ((c: AvroCursor, row: unknown[]) => void)[] = []
    for (const { name, schema } of record.fields) {
      const at = fields.findIndex(field => field.name === name)
      const found = at < 0 ? skip(schema) : readOf(schema, fields[at]!.type)
      if (found instanceof Misfit) return found
      if (at < 0) steps.push(c => void found(c))
      else {
        steps.push((c, row) => {
          row[at] = found(c)
        })
      }
    }
    const { length } = fields
    return c => {
      if (++c.depth > MAX_DEPTH) fail('nested-too-deep')
      const row = new Array<unknown>(length).fill(null)
      for (const step of steps) step(c, row)
      c.depth--
      return row
    }
  }

  const storeUnion = (
    branches: readonly AvroSchema[],
    type: ColumnType,
    notNull: boolean
  ): Store | Misfit => {
    const stores = branches.map((branch): Store | Misfit =>
      branch.kind === 'null' ? (notNull ? failMissing : storeNull) : storeOf(branch, type)
    )
    const misfit = misfitOfAll(branches, stores)
    if (misfit !== null) return misfit
    const all = stores.map(store => (store instanceof Misfit ? failType : store))
    const [first, second] = all
    if (all.length === 2 && first === storeNull) return orNull(second!, 0, type)
    if (all.length === 2 && second === storeNull) return orNull(first!, 1, type)
    return (c, s, slot) => all[c.index(all.length)]!(c, s, slot)
  }

  return {
    skip,
    store(writer, type, notNull) {
      if (writer.kind === 'union') return storeUnion(writer.branches, type, notNull)
      if (writer.kind === 'null') return notNull ? failMissing : storeNull
      return storeOf(writer, type)
    }
  }
}

const failMissing: Store = () => fail('missing-value')
const failType: Store = () => fail('wrong-type')
const storeNull: Store = (_, s, slot) => s.setNull(slot)

/** The usual union: a value, or null, which is the branch `none`. */
function orNull(store: Store, none: 0 | 1, type: ColumnType): Store {
  if (!isNumber(type)) {
    return (c, s, slot) => {
      if (c.index(2) === none) s.object[slot] = null
      else store(c, s, slot)
    }
  }
  return (c, s, slot) => {
    if (c.index(2) !== none) return store(c, s, slot)
    s.number[slot] = NaN
    s.isNull[slot] = 1
  }
}

/** What is wrong with a union of which only null, or nothing, fits. */
function misfitOfAll(
  branches: readonly AvroSchema[],
  found: readonly (object | Misfit)[]
): Misfit | null {
  const values = found.filter((_, i) => branches[i]!.kind !== 'null')
  const first = values[0]
  if (first === undefined || !values.every(one => one instanceof Misfit)) return null
  return values.length === 1 && first instanceof Misfit
    ? first
    : new Misfit({ kind: 'union', branches })
}

function eachItem(c: AvroCursor, itemSize: number, read: () => void): void {
  if (++c.depth > MAX_DEPTH) fail('nested-too-deep')
  for (let count = c.block(itemSize, false); count !== 0; count = c.block(itemSize, false)) {
    for (let i = 0; i < count; i++) read()
  }
  c.depth--
}
