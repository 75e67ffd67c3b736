import { js } from '../code/index.ts'
import {
  arrayOf,
  BIGINT,
  DECIMAL,
  DOUBLE,
  INT,
  INTERVAL,
  REAL,
  TEXT,
  type SqlType
} from '../types/index.ts'
import { callsAtSite } from './calls.ts'
import { converterOf } from './cast.ts'
import { emitComparer } from './comparer.ts'
import {
  comparableElement,
  dimensionsOf,
  elementOf,
  orderedElement,
  orText
} from './element-types.ts'
import {
  defineFunction,
  signature,
  type ArgumentType,
  type FunctionEntry,
  type RuntimeName,
  type Signature
} from './entry.ts'

const fails = { canFail: true }
const givesNull = { givesNull: true }

/** A function of one array; `find` answers the element type that it works on. */
function ofArray(
  name: string,
  aliases: readonly string[],
  shape: {
    readonly find: (array: ArgumentType) => SqlType | null
    readonly result: (element: SqlType) => SqlType
    readonly shown: string
    readonly emit: (element: SqlType) => Signature['emit']
    readonly traits?: Partial<Signature>
  },
  doc: string,
  example: string
): FunctionEntry {
  const { find, result, shown, emit, traits = {} } = shape
  return defineFunction({
    name,
    kind: 'function',
    aliases,
    signatures: [],
    generic: {
      shown: [{ params: 'T[]', result: shown }],
      resolve([array, ...rest]) {
        const element = array === undefined || rest.length > 0 ? null : find(array)
        if (element === null) return null
        return signature([arrayOf(element)], result(element), emit(element), traits)
      }
    },
    cost: 10,
    doc,
    example
  })
}

const calls =
  (name: RuntimeName): Signature['emit'] =>
  (args, cx) =>
    js`${cx.use(name)}(${args})`
const withDepth =
  (name: RuntimeName) =>
  (element: SqlType): Signature['emit'] =>
  (args, cx) =>
    js`${cx.use(name)}(${args}, ${dimensionsOf(element)})`
const anyElementType = (array: ArgumentType): SqlType | null => orText(elementOf(array))
const comparable = (array: ArgumentType): SqlType | null => comparableElement(array, [])
const compared =
  (name: RuntimeName) =>
  (element: SqlType): Signature['emit'] =>
  ([array], cx) =>
    js`${cx.use(name)}(${array!}, ${emitComparer(element, cx)})`

/** What sums of an element type are, and how two are added. */
const sums: Partial<Record<SqlType['kind'], readonly [result: SqlType, add: RuntimeName]>> = {
  SmallInt: [BIGINT, 'addBigInt'],
  Int: [BIGINT, 'addBigInt'],
  BigInt: [DECIMAL, 'addDecimal'],
  Decimal: [DECIMAL, 'addDecimal'],
  Real: [REAL, 'addReal'],
  Double: [DOUBLE, 'addDouble'],
  Interval: [INTERVAL, 'addInterval']
}

function emitSum(element: SqlType): Signature['emit'] {
  const [result, add] = sums[element.kind]!
  return ([array], cx) => {
    const convert = converterOf(element, result, cx)
    const items = convert.same
      ? js`${array!} as ${cx.type(arrayOf(result), false)}`
      : js`${cx.use('castArray')}(${array!}, ${convert.asFunction()}, ${cx.site()})`
    return js`${cx.use('arraySum')}(${items}, ${cx.use(add)}, ${cx.site()})`
  }
}

export const arrayValueFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'cardinality',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [
        { params: 'T[]', result: 'INT' },
        { params: 'MAP<TEXT, T>', result: 'INT' }
      ],
      resolve([value]) {
        if (value?.type.kind === 'Map') {
          return signature([value.type], INT, ([map]) => js`${map!}.size`)
        }
        const element = value === undefined ? null : anyElementType(value)
        return element === null
          ? null
          : signature([arrayOf(element)], INT, withDepth('cardinality')(element))
      }
    },
    doc: 'Number of elements, of all dimensions together, or of entries.',
    example: 'cardinality(ARRAY[1, 2, NULL]) = 3'
  }),
  defineFunction({
    name: 'array_length',
    kind: 'function',
    aliases: ['array_upper'],
    signatures: [],
    generic: {
      shown: [
        { params: 'T[]', result: 'INT' },
        { params: 'T[], INT', result: 'INT' }
      ],
      resolve([array, dimension]) {
        const element = array === undefined ? null : anyElementType(array)
        if (element === null) return null
        if (dimension === undefined) {
          return signature([arrayOf(element)], INT, ([items]) => js`${items!}.length`)
        }
        const emit = withDepth('arrayLength')(element)
        return signature([arrayOf(element), INT], INT, emit, givesNull)
      }
    },
    doc: 'Number of elements; of a dimension it is NULL where that has none.',
    example: 'array_length(ARRAY[1, 2], 1) = 2'
  }),
  ofArray(
    'array_dims',
    [],
    {
      find: anyElementType,
      result: () => TEXT,
      shown: 'TEXT',
      emit: withDepth('arrayDims'),
      traits: givesNull
    },
    'The bounds of each dimension; NULL of an empty array.',
    "array_dims(ARRAY[7, 8]) = '[1:2]'"
  ),
  ofArray(
    'array_reverse',
    [],
    {
      find: anyElementType,
      result: arrayOf,
      shown: 'T[]',
      emit: () => calls('arrayReverse')
    },
    'The elements in reverse order.',
    'array_reverse(ARRAY[1, 2]) = ARRAY[2, 1]'
  ),
  ofArray(
    'array_distinct',
    [],
    { find: comparable, result: arrayOf, shown: 'T[]', emit: compared('arrayDistinct') },
    'Each value once, where it stands first, NULL included.',
    'array_distinct(ARRAY[2, 1, 2]) = ARRAY[2, 1]'
  ),
  ofArray(
    'array_sort',
    [],
    { find: orderedElement, result: arrayOf, shown: 'T[]', emit: compared('arraySort') },
    'The elements in ascending order, NULLs last.',
    'array_sort(ARRAY[2, 1]) = ARRAY[1, 2]'
  ),
  ofArray(
    'array_max',
    [],
    {
      find: orderedElement,
      result: element => element,
      shown: 'T',
      emit: compared('arrayMax'),
      traits: givesNull
    },
    'The greatest element; NULLs do not count, of nothing it is NULL.',
    'array_max(ARRAY[2, 1]) = 2'
  ),
  ofArray(
    'array_min',
    [],
    {
      find: orderedElement,
      result: element => element,
      shown: 'T',
      emit: compared('arrayMin'),
      traits: givesNull
    },
    'The least element; NULLs do not count, of nothing it is NULL.',
    'array_min(ARRAY[2, 1]) = 1'
  ),
  ofArray(
    'array_sum',
    [],
    {
      find: array => {
        const element = elementOf(array)
        return element !== null && sums[element.kind] !== undefined ? element : null
      },
      result: element => sums[element.kind]![0],
      shown: 'sum of T',
      emit: emitSum,
      traits: { canFail: true, givesNull: true }
    },
    'The sum of the elements, as SUM gives it; NULLs do not count, of nothing it is NULL.',
    'array_sum(ARRAY[2, NULL, 1]) = 3'
  ),
  defineFunction({
    name: 'sequence',
    kind: 'function',
    signatures: [signature([BIGINT, BIGINT], arrayOf(BIGINT), callsAtSite('sequence'), fails)],
    cost: 10,
    doc: 'The integers from one to another, both included, up to 1,000,000 of them; none where the second is smaller.',
    example: 'sequence(2, 4) = ARRAY[2, 3, 4]'
  }),
  defineFunction({
    name: 'trim_array',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'T[], INT', result: 'T[]' }],
      resolve([array]) {
        const element = array === undefined ? null : anyElementType(array)
        if (element === null) return null
        return signature([arrayOf(element), INT], arrayOf(element), callsAtSite('trimArray'), fails)
      }
    },
    cost: 5,
    doc: 'The array without its last elements, as many as the second argument says.',
    example: 'trim_array(ARRAY[1, 2, 3], 2) = ARRAY[1]'
  }),
  defineFunction({
    name: 'array_fill',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'T, INT[]', result: 'T[]' }],
      resolve([value, lengths]) {
        if (value === undefined || lengths === undefined) return null
        const element = value.type.kind === 'Null' ? TEXT : value.type
        return signature([element, arrayOf(INT)], arrayOf(element), callsAtSite('fillArray'), fails)
      }
    },
    nullRule: 'none',
    cost: 5,
    doc: 'An array of a value, as often as the one element of the second argument says, up to 1,000,000 times.',
    example: 'array_fill(7, ARRAY[3]) = ARRAY[7, 7, 7]'
  }),
  defineFunction({
    name: 'array_slice',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'T[], INT, INT', result: 'T[]' }],
      resolve([array]) {
        const element = array === undefined ? null : anyElementType(array)
        if (element === null) return null
        return signature([arrayOf(element), INT, INT], arrayOf(element), calls('arraySlice'))
      }
    },
    cost: 5,
    doc: 'The elements from one place to another, both counted from 1 and included.',
    example: 'array_slice(ARRAY[1, 2, 3], 2, 3) = ARRAY[2, 3]'
  })
]
