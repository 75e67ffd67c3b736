import type { ValueColumn, ValueType } from '../contract/index.ts'
import { ArrowFault, WrongType } from './arrow-fault.ts'
import type { ArrowVector } from './arrow-vector.ts'
import { longAt } from './flat-table.ts'
import { offsetReader } from './offset-reader.ts'
import type { ReadContext } from './read-context.ts'
import { showArrowType } from './show-arrow-type.ts'

type Read<T> = (row: number) => T
type ReaderOf = (child: ArrowVector) => Read<unknown>
type TypedReaderOf = (child: ArrowVector, type: ValueType) => Read<unknown>

/** From where to where in the child the elements of a row are. */
type ReadRange = (row: number) => readonly [start: number, end: number]

/** T[]: an array. */
export function arrayReader(
  vector: ArrowVector,
  readerOf: ReaderOf,
  cx: ReadContext
): Read<readonly unknown[]> | null {
  const range = rangeOf(vector, cx)
  if (range === null) return null
  const read = readerOf(vector.children[0]!)
  return row => {
    const [start, end] = range(row)
    const values: unknown[] = []
    for (let i = start; i < end; i++) values.push(read(i))
    return values
  }
}

export function rangeOf(
  { type, length, buffers, children }: ArrowVector,
  cx: ReadContext
): ReadRange | null {
  const [child] = children
  switch (type.kind) {
    case 'List':
    case 'Map': {
      if (child === undefined) throw new RangeError('a list of nothing')
      const wide = type.kind === 'List' && type.wide
      const offset = offsetReader(buffers[0]!, wide, length, child.length)
      return row => [offset(row), offset(row + 1)]
    }
    case 'FixedList': {
      const { size } = type
      if (child === undefined || length * size > child.length)
        throw new RangeError('a list is cut off')
      return row => [row * size, (row + 1) * size]
    }
    case 'ListView':
      if (child === undefined) throw new RangeError('a list of nothing')
      return listViews(buffers, type.wide, child.length, cx)
    default:
      return null
  }
}

function listViews(
  [starts, sizes]: ArrowVector['buffers'],
  wide: boolean,
  most: number,
  cx: ReadContext
): ReadRange {
  const read = (view: DataView, row: number): number =>
    wide ? longAt(view, row * 8) : view.getInt32(row * 4, true)
  return row => {
    const start = read(starts!.view, row)
    const size = read(sizes!.view, row)
    if (start < 0 || size < 0 || start + size > most) throw new RangeError('a list ends outside')
    cx.spend(size * 8)
    return [start, start + size]
  }
}

/** VECTOR(n): as many numbers, none of them NULL. */
export function vectorReader(
  vector: ArrowVector,
  dimensions: number,
  readerOf: ReaderOf,
  cx: ReadContext
): Read<Float64Array> | null {
  const read = arrayReader(vector, readerOf, cx)
  if (read === null) return null
  return row => {
    const values = read(row)
    if (values.length !== dimensions) {
      throw new ArrowFault('wrong-dimensions', 'the vector has another number of elements')
    }
    if (values.includes(null))
      throw new ArrowFault('wrong-type', 'an element of the vector is NULL')
    return Float64Array.from(values as readonly number[])
  }
}

/** MAP<TEXT, T>; of equal keys the last counts. */
export function mapReader(
  vector: ArrowVector,
  key: ValueType,
  value: ValueType,
  readerOf: TypedReaderOf,
  cx: ReadContext
): Read<ReadonlyMap<string, unknown>> | null {
  if (vector.type.kind !== 'Map') return null
  const range = rangeOf(vector, cx)!
  const [keys, values] = vector.children[0]!.children
  if (keys === undefined || values === undefined) throw new RangeError('a map of nothing')
  const readKey = readerOf(keys, key)
  const readValue = readerOf(values, value)
  return row => {
    const [start, end] = range(row)
    const map = new Map<string, unknown>()
    for (let i = start; i < end; i++) {
      const name = readKey(i)
      if (name === null) throw new ArrowFault('wrong-type', 'a key of the map is NULL')
      map.set(name as string, readValue(i))
    }
    return map
  }
}

/** ROW: its fields by name; one that is not there is NULL, others are not read. */
export function rowReader(
  vector: ArrowVector,
  fields: readonly ValueColumn[],
  readerOf: TypedReaderOf
): Read<readonly unknown[]> | null {
  const { type, children } = vector
  if (type.kind !== 'Struct') return null
  const readers = fields.map(field => {
    const at = type.names.lastIndexOf(field.name)
    return at < 0 ? () => null : readInField(children[at]!, field, readerOf)
  })
  return row => readers.map(read => read(row))
}

function readInField(child: ArrowVector, { name, type }: ValueColumn, readerOf: TypedReaderOf) {
  try {
    return readerOf(child, type)
  } catch (error) {
    if (!(error instanceof WrongType)) throw error
    throw new WrongType(`${showArrowType(child.type)} of its field "${name}"`)
  }
}
