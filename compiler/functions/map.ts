import { js } from '../code/index.ts'
import {
  arrayOf,
  BOOLEAN,
  commonType,
  mapOf,
  NULL_TYPE,
  TEXT,
  type SqlType
} from '../types/index.ts'
import { callsAtSite } from './calls.ts'
import { elementOf, orText } from './element-types.ts'
import {
  defineFunction,
  signature,
  type ArgumentType,
  type FunctionEntry,
  type Generic,
  type RuntimeName,
  type Signature
} from './entry.ts'

const fails = { canFail: true }
const givesNull = { givesNull: true }
const calls =
  (name: RuntimeName): Signature['emit'] =>
  (args, cx) =>
    js`${cx.use(name)}(${args})`

/** The value type of a map argument; null where it is no map. */
function valueOf(argument: ArgumentType | undefined): SqlType | null {
  return argument?.type.kind === 'Map' ? argument.type.value : null
}

/** A function of a map and `more` arguments. */
function ofMap(
  name: string,
  shown: string,
  more: readonly SqlType[],
  result: (value: SqlType) => SqlType,
  runtime: RuntimeName,
  traits: Partial<Signature>
): Generic {
  const params = ['MAP<TEXT, T>', ...more.map(() => 'TEXT')].join(', ')
  return {
    shown: [{ params, result: shown }],
    resolve: args => {
      const value = valueOf(args[0])
      if (value === null || args.length !== more.length + 1) return null
      return signature([mapOf(value), ...more], result(value), calls(runtime), traits)
    }
  }
}

const elementAt = ofMap('element_at', 'T', [TEXT], value => value, 'mapElement', givesNull)

export const mapFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'map_element',
    kind: 'operator',
    symbol: "m['k']",
    signatures: [],
    generic: elementAt,
    doc: 'The value of a key; NULL where there is none.',
    example: "(map('a', 1))['a'] = 1"
  }),
  defineFunction({
    name: 'element_at',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [...elementAt.shown, { params: 'T[], INT', result: 'T' }],
      resolve(args) {
        const element = args[0]?.type.kind === 'Array' ? elementOf(args[0]) : null
        if (element === null) return elementAt.resolve(args)
        const type = orText(element)!
        return signature([arrayOf(type), { kind: 'Int' }], type, calls('arrayElement'), givesNull)
      }
    },
    doc: 'The value of a key of a map, or the element at a place of an array, from 1; NULL where there is none.',
    example: "element_at(map('a', 1), 'a') = 1"
  }),
  defineFunction({
    name: 'map',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'TEXT, T, ...', result: 'MAP<TEXT, T>' }],
      resolve: resolveMap
    },
    nullRule: 'none',
    cost: 5,
    doc: 'A map of keys and values; of one key the last value counts. Fails for a NULL key.',
    example: "map('a', 1, 'b', 2)"
  }),
  defineFunction({
    name: 'map_from_arrays',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'TEXT[], T[]', result: 'MAP<TEXT, T>' }],
      resolve([keys, values]) {
        const value = values === undefined ? null : orText(elementOf(values))
        if (keys === undefined || value === null) return null
        const params = [arrayOf(TEXT), arrayOf(value)]
        return signature(params, mapOf(value), callsAtSite('mapFromArrays'), fails)
      }
    },
    cost: 8,
    doc: 'A map of an array of keys and one of as many values.',
    example: "map_from_arrays(ARRAY['a'], ARRAY[1])"
  }),
  defineFunction({
    name: 'map_keys',
    kind: 'function',
    signatures: [],
    generic: ofMap('map_keys', 'TEXT[]', [], () => arrayOf(TEXT), 'mapKeys', {}),
    cost: 5,
    doc: 'The keys, in their order.',
    example: "map_keys(map('a', 1)) = ARRAY['a']"
  }),
  defineFunction({
    name: 'map_values',
    kind: 'function',
    signatures: [],
    generic: ofMap('map_values', 'T[]', [], arrayOf, 'mapValues', {}),
    cost: 5,
    doc: 'The values, in the order of their keys.',
    example: "map_values(map('a', 1)) = ARRAY[1]"
  }),
  defineFunction({
    name: 'map_contains_key',
    kind: 'function',
    signatures: [],
    generic: ofMap('map_contains_key', 'BOOLEAN', [TEXT], () => BOOLEAN, 'mapContainsKey', {}),
    doc: 'Whether the map has the key.',
    example: "map_contains_key(map('a', 1), 'a')"
  }),
  defineFunction({
    name: 'map_concat',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'MAP<TEXT, T>, MAP<TEXT, T>', result: 'MAP<TEXT, T>' }],
      resolve([left, right]) {
        const [a, b] = [valueOf(left), valueOf(right)]
        const value = a === null || b === null ? (a ?? b) : commonType(a, b)
        if (value === null) return null
        return signature([mapOf(value), mapOf(value)], mapOf(value), calls('mapConcat'))
      }
    },
    nullRule: 'all',
    cost: 8,
    doc: 'The entries of both maps; of one key the second value counts. A NULL map counts for nothing.',
    example: "map_concat(map('a', 1), map('b', 2))"
  })
]

/** Keys at even places, values of one type at odd ones. */
function resolveMap(args: readonly ArgumentType[]): Signature | null {
  if (args.length === 0 || args.length % 2 !== 0) return null
  const values = args.filter((_, i) => i % 2 === 1)
  const typed = values.filter(
    ({ type, isStringLiteral }) => !isStringLiteral && type.kind !== 'Null'
  )
  const value = typed.reduce<SqlType | null>(
    (common, { type }) => (common === null ? null : commonType(common, type)),
    typed[0]?.type ?? (values.some(({ isStringLiteral }) => isStringLiteral) ? TEXT : NULL_TYPE)
  )
  if (value === null) return null
  const params = args.map((_, i) => (i % 2 === 0 ? TEXT : value))
  return signature(
    params,
    mapOf(value),
    (codes, cx) => {
      const list = (odd: number, type: SqlType) =>
        js`[${codes.filter((_, i) => i % 2 === odd)}] as ${cx.type(arrayOf(type), false)}`
      return js`${cx.use('mapOf')}(${list(0, TEXT)}, ${list(1, value)}, ${cx.site()})`
    },
    fails
  )
}
