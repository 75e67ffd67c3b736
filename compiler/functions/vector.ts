import { arrayOf, DOUBLE, INT, isNumeric, type SqlType } from '../types/index.ts'
import { js, type Code } from '../code/index.ts'
import { callsAtSite } from './calls.ts'
import {
  defineFunction,
  signature,
  type ArgumentType,
  type CallContext,
  type FunctionEntry,
  type RuntimeName
} from './entry.ts'

/** A VECTOR, or an array of numbers as DOUBLEs. */
function vectorType({ type }: ArgumentType): SqlType | null {
  if (type.kind === 'Vector') return type
  return type.kind === 'Array' && isNumeric(type.element) ? arrayOf(DOUBLE) : null
}

/** The types of both: a literal without a type takes the other's, and two vectors have one size. */
function pairOf(left: ArgumentType, right: ArgumentType): readonly SqlType[] | null {
  const [a, b] = [vectorType(left), vectorType(right)]
  const open = ({ type, isStringLiteral }: ArgumentType): boolean =>
    isStringLiteral || type.kind === 'Null'
  if (a !== null && b !== null) {
    const fits = a.kind !== 'Vector' || b.kind !== 'Vector' || a.dimensions === b.dimensions
    return fits ? [a, b] : null
  }
  if (a !== null) return open(right) ? [a, a] : null
  return b !== null && open(left) ? [b, b] : null
}

function distance(name: string, runtime: RuntimeName, doc: string, example: string): FunctionEntry {
  return defineFunction({
    name,
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'VECTOR(n), VECTOR(n)', result: 'DOUBLE' }],
      resolve([left, right]) {
        if (left === undefined || right === undefined) return null
        const types = pairOf(left, right)
        if (types === null) return null
        return signature(types, DOUBLE, callsAtSite(runtime), { canFail: true, givesNull: true })
      }
    },
    cost: 100,
    doc: `${doc} Arrays of numbers do as well; one with a NULL gives NULL, another size fails.`,
    example
  })
}

export const vectorFunctions: readonly FunctionEntry[] = [
  distance(
    'cosine_distance',
    'cosineDistance',
    '1 less the cosine of the angle between two vectors; NaN where one is all zeros.',
    'cosine_distance(ARRAY[1, 0], ARRAY[0, 1]) = 1'
  ),
  distance(
    'l2_distance',
    'l2Distance',
    "Euclid's distance of two vectors.",
    'l2_distance(ARRAY[0, 0], ARRAY[3, 4]) = 5'
  ),
  distance(
    'l1_distance',
    'l1Distance',
    'The distance of two vectors along the axes.',
    'l1_distance(ARRAY[0, 0], ARRAY[3, 4]) = 7'
  ),
  distance(
    'inner_product',
    'innerProduct',
    'The inner product of two vectors.',
    'inner_product(ARRAY[1, 2], ARRAY[3, 4]) = 11'
  ),
  defineFunction({
    name: 'vector_norm',
    kind: 'function',
    aliases: ['l2_norm'],
    signatures: [],
    generic: {
      shown: [{ params: 'VECTOR(n)', result: 'DOUBLE' }],
      resolve([vector]) {
        const type = vector === undefined ? null : vectorType(vector)
        if (type === null) return null
        const emit = ([value]: readonly Code[], cx: CallContext): Code =>
          js`${cx.use('vectorNorm')}(${value!})`
        return signature([type], DOUBLE, emit, { givesNull: true })
      }
    },
    cost: 50,
    doc: 'The length of a vector.',
    example: 'vector_norm(ARRAY[3, 4]) = 5'
  }),
  defineFunction({
    name: 'vector_dims',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'VECTOR(n)', result: 'INT' }],
      resolve([vector]) {
        const type = vector?.type.kind === 'Vector' ? vector.type : null
        return type === null ? null : signature([type], INT, ([value]) => js`${value!}.length`)
      }
    },
    doc: 'How many numbers a vector has.',
    example: "vector_dims(CAST('[1,2]' AS VECTOR(2))) = 2"
  })
]
