import { js, type Code } from '../code/index.ts'
import { arrayOf, BOOLEAN, commonType, INT, TEXT, type SqlType } from '../types/index.ts'
import { partToText } from './cast-inside.ts'
import { emitComparer } from './comparer.ts'
import { emitComparison, type Comparison } from './comparison.ts'
import { comparableElement, elementOf, orText, withItem } from './element-types.ts'
import {
  defineFunction,
  signature,
  type ArgumentType,
  type CallContext,
  type FunctionEntry,
  type RuntimeName,
  type Signature
} from './entry.ts'

/** `name(args, compare)`, where `compare` orders two elements. */
function withComparer(name: RuntimeName, element: SqlType): Signature['emit'] {
  return (args, cx) => js`${cx.use(name)}(${[...args, emitComparer(element, cx)]})`
}

const calls =
  (name: RuntimeName): Signature['emit'] =>
  (args, cx) =>
    js`${cx.use(name)}(${args})`

/** `ARRAY[...]` of anything that is no literal: the items have one type already. */
const makeArray = defineFunction({
  name: 'array',
  kind: 'operator',
  symbol: 'ARRAY[...]',
  signatures: [],
  generic: {
    shown: [{ params: 'T...', result: 'T[]' }],
    resolve: ([first]) =>
      first === undefined
        ? null
        : signature([], arrayOf(first.type), (items, cx) => typedArray(items, first.type, cx), {
            rest: first.type
          })
  },
  nullRule: 'none',
  doc: 'An array of the elements.',
  example: 'ARRAY[1, 2, NULL]'
})

/** TypeScript would take `[1, 2]` for what it holds, not for what it may hold. */
function typedArray(items: readonly Code[], element: SqlType, cx: CallContext): Code {
  return js`[${items}] as ${cx.type(arrayOf(element), false)}`
}

const arrayElement = defineFunction({
  name: 'array_element',
  kind: 'operator',
  symbol: 'a[i]',
  signatures: [],
  generic: {
    shown: [{ params: 'T[], INT', result: 'T' }],
    resolve([array]) {
      if (array?.type.kind === 'Vector') {
        return signature([array.type, INT], { kind: 'Double' }, calls('vectorElement'), givesNull)
      }
      const element = array === undefined ? null : orText(elementOf(array))
      if (element === null) return null
      return signature([arrayOf(element), INT], element, calls('arrayElement'), givesNull)
    }
  },
  doc: 'The element at a place, which counts from 1; NULL where there is none.',
  example: 'ARRAY[7, 8][2] = 8'
})

const givesNull = { givesNull: true }

const comparisonNames: readonly Comparison[] = [
  ...(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const)
]

/** `x = ANY(a)`: the third argument is a literal, the comparison's name. */
const anyElement = defineFunction({
  name: 'any',
  kind: 'operator',
  symbol: '= ANY(a)',
  signatures: [],
  generic: {
    shown: [{ params: 'T, T[]', result: 'BOOLEAN' }],
    resolve([item, array]) {
      if (item === undefined || array === undefined) return null
      const element = array.isStringLiteral
        ? comparableElement({ ...array, type: arrayOf(item.type) }, [])
        : comparableElement(array, [item])
      if (element === null) return null
      return signature(
        [element, arrayOf(element), TEXT],
        BOOLEAN,
        (args, cx) => emitAny(element, args, cx),
        givesNull
      )
    }
  },
  nullRule: 'none',
  cost: 5,
  doc: 'Whether the comparison, any of = <> < <= > >=, holds for an element, or with ALL for each; NULL where only a NULL among them could say.',
  example: '3 = ANY(ARRAY[1, 3])'
})

function emitAny(element: SqlType, [item, array]: readonly Code[], cx: CallContext): Code {
  const name = cx.call.args[2]!
  const comparison = comparisonNames.find(known => name.kind === 'Literal' && name.value === known)!
  const type = cx.type(element, false)
  const test = emitComparison(comparison, element, js`a`, js`b`, cx)
  return js`${cx.use('anyElement')}(${item!}, ${array!}, (a: ${type}, b: ${type}) => ${test})`
}

/** Of an array and a value beside it, at `arrayAt` of the two. */
function joining(
  name: string,
  runtime: RuntimeName,
  arrayAt: 0 | 1,
  doc: string,
  example: string
): FunctionEntry {
  return defineFunction({
    name,
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: arrayAt === 0 ? 'T[], T' : 'T, T[]', result: 'T[]' }],
      resolve(args) {
        const [array, item] = [args[arrayAt], args[1 - arrayAt]]
        if (array === undefined || item === undefined) return null
        const element = orText(withItem(elementOf(array), item))
        if (element === null) return null
        const params = [arrayOf(element), element]
        return signature(
          arrayAt === 0 ? params : params.toReversed(),
          arrayOf(element),
          calls(runtime)
        )
      }
    },
    nullRule: 'none',
    cost: 5,
    doc,
    example
  })
}

/** Of an array and values that are sought in it. */
function seeking(
  name: string,
  runtime: RuntimeName,
  shape: {
    readonly items: number
    readonly result: (element: SqlType) => SqlType
    readonly shown: string
    readonly strict?: true
  },
  doc: string,
  example: string
): FunctionEntry {
  const { items, result, shown, strict } = shape
  return defineFunction({
    name,
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: ['T[]', ...Array<string>(items).fill('T')].join(', '), result: shown }],
      resolve([array, ...rest]) {
        if (array === undefined || rest.length !== items) return null
        const element = comparableElement(array, rest)
        if (element === null) return null
        const params = [arrayOf(element), ...rest.map(() => element)]
        const traits = { givesNull: name === 'array_position' }
        return signature(params, result(element), withComparer(runtime, element), traits)
      }
    },
    nullRule: strict === true ? 'strict' : 'first',
    cost: 10,
    doc,
    example
  })
}

const arrayConcat = defineFunction({
  name: 'array_cat',
  kind: 'function',
  signatures: [],
  generic: {
    shown: [
      { params: 'T[], T[]', result: 'T[]' },
      { params: 'T[], T[][]', result: 'T[][]' },
      { params: 'T[][], T[]', result: 'T[][]' }
    ],
    resolve([left, right]) {
      if (left === undefined || right === undefined) return null
      const type = arrayType(left, right) ?? arrayType(right, left)
      if (type !== null) return signature([type, type], type, calls('arrayConcat'))
      return innerConcat(left, right, 0) ?? innerConcat(right, left, 1)
    }
  },
  nullRule: 'all',
  cost: 5,
  doc: 'The elements of both arrays; a NULL array counts for nothing. An array beside an array of arrays becomes one of those. Also `||`, which appends a single value too.',
  example: 'array_cat(ARRAY[1], ARRAY[2, 3]) = ARRAY[1, 2, 3]'
})

/** Joins an array of arrays with one more of those; `innerAt` says which argument that is. */
function innerConcat(
  { type: inner }: ArgumentType,
  { type: outer }: ArgumentType,
  innerAt: 0 | 1
): Signature | null {
  if (inner.kind !== 'Array' || outer.kind !== 'Array') return null
  const element = commonType(inner, outer.element)
  if (element?.kind !== 'Array') return null
  const result = arrayOf(element)
  return signature(innerAt === 0 ? [element, result] : [result, element], result, (args, cx) => {
    const wrapped = args.map((arg, i) =>
      i === innerAt ? js`${cx.use('arrayOfPresent')}(${arg})` : arg
    )
    return js`${cx.use('arrayConcat')}(${wrapped})`
  })
}

/** The type of both arrays, of which the second may be a literal without a type. */
function arrayType(left: ArgumentType, right: ArgumentType): SqlType | null {
  if (left.type.kind !== 'Array') return null
  if (right.isStringLiteral || right.type.kind === 'Null') return left.type
  return right.type.kind === 'Array' ? commonType(left.type, right.type) : null
}

const toText = defineFunction({
  name: 'array_to_string',
  kind: 'function',
  aliases: ['array_join'],
  signatures: [],
  generic: {
    shown: [
      { params: 'T[], TEXT', result: 'TEXT' },
      { params: 'T[], TEXT, TEXT', result: 'TEXT' }
    ],
    resolve([array, , nullText]) {
      const element = array === undefined ? null : orText(elementOf(array))
      if (element === null) return null
      const params = [arrayOf(element), TEXT, ...(nullText === undefined ? [] : [TEXT])]
      return signature(
        params,
        TEXT,
        ([items, separator, text], cx) => {
          const convert = partToText(element, cx)
          return js`${cx.use('arrayToString')}(${items!}, ${separator!}, ${convert}, ${text ?? js`null`})`
        },
        givesNull
      )
    }
  },
  nullRule: 'first',
  cost: 10,
  doc: 'The elements as text, with the second argument between them; NULLs are left out, or stand as the third argument.',
  example: "array_to_string(ARRAY[1, NULL, 3], ',', '?') = '1,?,3'"
})

export const arrayFunctions: readonly FunctionEntry[] = [
  makeArray,
  arrayElement,
  anyElement,
  joining(
    'array_append',
    'arrayAppend',
    0,
    'The array with a value behind it; a NULL array counts as empty.',
    'array_append(ARRAY[1], 2) = ARRAY[1, 2]'
  ),
  joining(
    'array_prepend',
    'arrayPrepend',
    1,
    'The array with a value in front of it; a NULL array counts as empty.',
    'array_prepend(1, ARRAY[2]) = ARRAY[1, 2]'
  ),
  arrayConcat,
  seeking(
    'array_contains',
    'arrayContains',
    { items: 1, result: () => BOOLEAN, shown: 'BOOLEAN', strict: true },
    'Whether an element equals; a NULL one does not.',
    'array_contains(ARRAY[1, 2], 2)'
  ),
  seeking(
    'array_position',
    'arrayPosition',
    { items: 1, result: () => INT, shown: 'INT' },
    'Where a value stands first, from 1, NULL included; NULL where it is not.',
    "array_position(ARRAY['a', 'b'], 'b') = 2"
  ),
  seeking(
    'array_positions',
    'arrayPositions',
    { items: 1, result: () => arrayOf(INT), shown: 'INT[]' },
    'Every place where a value stands, from 1, NULL included.',
    'array_positions(ARRAY[1, 2, 1], 1) = ARRAY[1, 3]'
  ),
  seeking(
    'array_remove',
    'arrayRemove',
    { items: 1, result: arrayOf, shown: 'T[]' },
    'The array without the elements that equal a value, NULL included.',
    'array_remove(ARRAY[1, 2, 1], 1) = ARRAY[2]'
  ),
  seeking(
    'array_replace',
    'arrayReplace',
    { items: 2, result: arrayOf, shown: 'T[]' },
    'The array with the elements that equal a value replaced by another.',
    'array_replace(ARRAY[1, 2, 1], 1, 9) = ARRAY[9, 2, 9]'
  ),
  toText,
  defineFunction({
    name: 'string_to_array',
    kind: 'function',
    signatures: [
      signature(
        [TEXT, TEXT],
        arrayOf(TEXT),
        ([text, separator], cx) => {
          return js`${cx.use('stringToArray')}(${text!}, ${separator!}, null)`
        },
        givesNull
      ),
      signature([TEXT, TEXT, TEXT], arrayOf(TEXT), calls('stringToArray'), givesNull)
    ],
    nullRule: 'first',
    cost: 10,
    doc: 'The parts of a text between separators; a NULL separator takes it apart into characters. A part that is the third argument is NULL.',
    example: "string_to_array('a,b', ',') = ARRAY['a', 'b']"
  })
]
