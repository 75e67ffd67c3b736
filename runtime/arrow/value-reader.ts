import type { ValueType } from '../contract/index.ts'
import { WrongType } from './arrow-fault.ts'
import { type ArrowVector, isValid } from './arrow-vector.ts'
import { bytesReader, jsonReader, textReader } from './bytes-reader.ts'
import { arrayReader, mapReader, rowReader, vectorReader } from './nested-reader.ts'
import { booleanReader, decimalReader, floatReader, integerReader } from './number-reader.ts'
import { showArrowType } from './show-arrow-type.ts'
import { dateReader, intervalReader, timeReader, timestampReader } from './time-reader.ts'
import type { ReadContext } from './read-context.ts'

/** The value in a row, as the runtime holds values of the SQL type; NULL is null. Throws an ArrowFault where it is none. */
export type ReadValue = (row: number) => unknown

/** How values of a SQL type are read from one vector. Throws WrongType where they can't be. */
export function valueReader(vector: ArrowVector, type: ValueType, cx: ReadContext): ReadValue {
  if (vector.dictionary !== null) return dictionaryReader(vector, vector.dictionary, type, cx)
  if (vector.type.kind === 'Null') return () => null
  if (vector.type.kind === 'RunEnds') return runEndReader(vector, type, cx)
  const read = plainReader(vector, type, cx)
  return row => (isValid(vector, row) ? read(row) : null)
}

/** Of values that are not NULL. */
function plainReader(vector: ArrowVector, type: ValueType, cx: ReadContext): ReadValue {
  const read = readerOf(vector, type, cx)
  if (read === null) throw new WrongType(showArrowType(vector.type))
  return read
}

function readerOf(vector: ArrowVector, type: ValueType, cx: ReadContext): ReadValue | null {
  const inside = (child: ArrowVector, inner: ValueType): ReadValue => valueReader(child, inner, cx)
  switch (type.kind) {
    case 'Decimal':
      return decimalReader(vector, type)
    case 'Array':
      return arrayReader(vector, child => inside(child, type.element), cx)
    case 'Vector':
      return vectorReader(vector, type.dimensions, child => inside(child, DOUBLE), cx)
    case 'Map':
      return mapReader(vector, TEXT_KEY, type.value, inside, cx)
    case 'Row':
      return rowReader(vector, type.fields, inside)
    default:
      return scalarReaders[type.kind](vector, cx)
  }
}

type ScalarKind = Exclude<ValueType['kind'], 'Decimal' | 'Array' | 'Vector' | 'Map' | 'Row'>

const scalarReaders: {
  readonly [Kind in ScalarKind]: (vector: ArrowVector, cx: ReadContext) => ReadValue | null
} = {
  Boolean: booleanReader,
  SmallInt: vector => integerReader(vector, 'SmallInt'),
  Int: vector => integerReader(vector, 'Int'),
  BigInt: vector => integerReader(vector, 'BigInt'),
  Real: vector => floatReader(vector, 'Real'),
  Double: vector => floatReader(vector, 'Double'),
  Text: textReader,
  Json: jsonReader,
  Bytes: bytesReader,
  Date: dateReader,
  Time: timeReader,
  Timestamp: (vector, { unit }) => timestampReader(vector, unit),
  TimestampTz: (vector, { unit }) => timestampReader(vector, unit),
  Interval: intervalReader,
  Null: () => null
}

const DOUBLE: ValueType = { kind: 'Double' }
const TEXT_KEY: ValueType = { kind: 'Text' }

/** Each value of the dictionary is read once. */
function dictionaryReader(
  vector: ArrowVector,
  parts: readonly ArrowVector[],
  type: ValueType,
  cx: ReadContext
): ReadValue {
  const place = integerReader({ ...vector, dictionary: null }, 'BigInt')
  if (place === null) throw new RangeError('places in a dictionary are integers')
  const readers = parts.map(part => valueReader(part, type, cx))
  const known = new Map<number, unknown>()
  const find = (index: number): unknown => {
    let at = index
    for (const [i, part] of parts.entries()) {
      if (at < part.length) return readers[i]!(at)
      at -= part.length
    }
    throw new RangeError('no such place in the dictionary')
  }
  return row => {
    if (!isValid(vector, row)) return null
    const index = place(row) as number
    let value = known.get(index)
    if (value === undefined) known.set(index, (value = find(index)))
    return value
  }
}

/** Values stand once for all the rows up to where their run ends. */
function runEndReader({ children }: ArrowVector, type: ValueType, cx: ReadContext): ReadValue {
  const [ends, values] = children
  if (ends === undefined || values === undefined) throw new RangeError('no runs')
  const end = integerReader(ends, 'Int')
  if (end === null) throw new RangeError('ends of runs are integers')
  const read = valueReader(values, type, cx)
  let run = 0
  return row => {
    if (run > 0 && row < (end(run - 1) as number)) run = 0
    while ((end(run) as number) <= row) run++
    return read(run)
  }
}
