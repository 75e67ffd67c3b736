import { js } from '../code/index.ts'
import { arrayOf, BOOLEAN, INT, type SqlType } from '../types/index.ts'
import { emitComparer } from './comparer.ts'
import { comparableElement, dimensionsOf, elementOf, orText, withItem } from './element-types.ts'
import {
  defineFunction,
  signature,
  type ArgumentType,
  type FunctionEntry,
  type RuntimeName,
  type Signature
} from './entry.ts'

/** The element type that two arrays have in common, if it compares. */
function commonElement(left: ArgumentType, right: ArgumentType): SqlType | null {
  const [a, b] = [elementOf(left), elementOf(right)]
  // An array between quotes takes the type of the other one.
  if (a !== null && right.isStringLiteral) return comparableElement(left, [])
  if (b !== null && left.isStringLiteral) return comparableElement(right, [])
  if (a === null || b === null) return null
  const element = withItem(a, { type: b, isStringLiteral: false })
  const item = { type: arrayOf(orText(element) ?? a), isStringLiteral: false }
  return element === null ? null : comparableElement(item, [])
}

/** `name(args, depth)`. */
function withDepth(name: RuntimeName, element: SqlType): Signature['emit'] {
  return (args, cx) => js`${cx.use(name)}(${args}, ${dimensionsOf(element)})`
}

function ofTwoArrays(
  name: string,
  symbol: string,
  aliases: readonly string[],
  runtime: RuntimeName,
  doc: string,
  example: string
): FunctionEntry {
  const emit =
    (element: SqlType): Signature['emit'] =>
    (args, cx) =>
      js`${cx.use(runtime)}(${[...args, emitComparer(element, cx)]})`
  return defineFunction({
    name,
    kind: 'operator',
    symbol,
    aliases,
    signatures: [],
    generic: {
      shown: [{ params: 'T[], T[]', result: 'BOOLEAN' }],
      resolve([left, right]) {
        if (left === undefined || right === undefined) return null
        const element = commonElement(left, right)
        if (element === null) return null
        return signature([arrayOf(element), arrayOf(element)], BOOLEAN, emit(element))
      }
    },
    cost: 15,
    doc,
    example
  })
}

export const arraySetFunctions: readonly FunctionEntry[] = [
  ofTwoArrays(
    'contains',
    '@>',
    ['array_contains_all'],
    'arrayContainsAll',
    'Whether every element of the second array is in the first; NULL is in none. `<@` is the other way around.',
    'ARRAY[1, 4, 3] @> ARRAY[3, 1, 3]'
  ),
  ofTwoArrays(
    'overlaps',
    '&&',
    ['array_overlaps', 'arrays_overlap'],
    'arraysOverlap',
    'Whether the arrays have an element in common; NULL is none.',
    'ARRAY[1, 4, 3] && ARRAY[2, 1]'
  ),
  defineFunction({
    name: 'array_ndims',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'T[]', result: 'INT' }],
      resolve([array]) {
        const element = array?.type.kind === 'Array' ? orText(array.type.element) : null
        if (element === null) return null
        return signature([arrayOf(element)], INT, withDepth('arrayDimensions', element), {
          givesNull: true
        })
      }
    },
    cost: 2,
    doc: 'Number of dimensions; NULL for an array without elements.',
    example: 'array_ndims(ARRAY[ARRAY[1, 2], ARRAY[3, 4]]) = 2'
  }),
  defineFunction({
    name: 'array_lower',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'T[], INT', result: 'INT' }],
      resolve([array]) {
        const element = array === undefined ? null : orText(elementOf(array))
        if (element === null) return null
        return signature([arrayOf(element), INT], INT, withDepth('arrayLower', element), {
          givesNull: true
        })
      }
    },
    cost: 2,
    doc: 'The first index of a dimension, which is 1; NULL where the array has no such dimension.',
    example: 'array_lower(ARRAY[7, 8], 1) = 1'
  })
]
