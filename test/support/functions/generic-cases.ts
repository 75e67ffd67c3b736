import type { FunctionEntry } from '../../../compiler/functions/index.ts'
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  INT,
  JSON_TYPE,
  mapOf,
  type SqlType,
  TEXT,
  TIMESTAMP
} from '../../../compiler/types/index.ts'
import { type FunctionCase, makeCaseOf, showCall } from './function-call.ts'

// Overloads over types that scripts make: what `miraclec functions` shows of them, with types in the place of T.

const column = (name: string, type: SqlType) => ({ name, type, nullable: true })
const ROW: SqlType = { kind: 'Row', fields: [column('a', INT), column('b', TEXT)] }
const VECTOR: SqlType = { kind: 'Vector', dimensions: 3 }

/** What T stands for, where a function takes it. */
const elements = [
  ...[INT, BIGINT, DECIMAL, DOUBLE, TEXT, BOOLEAN, TIMESTAMP, DATE],
  ...[arrayOf(INT), ROW, mapOf(TEXT)]
]

const named: Readonly<Record<string, SqlType>> = { INT, TEXT, JSON: JSON_TYPE, 'VECTOR(n)': VECTOR }

/** Arguments that are not told by types alone. */
const argumentLists: Readonly<Record<string, readonly (readonly SqlType[])[]>> = {
  num_nulls: elements.map(type => [type, TEXT, arrayOf(type)]),
  num_nonnulls: elements.map(type => [type, TEXT, arrayOf(type)]),
  map: elements.map(type => [TEXT, type, TEXT, type]),
  row: elements.map(type => [type, TEXT]),
  row_field: [[ROW]],
  arrays_zip: elements.map(type => [arrayOf(type), arrayOf(TEXT)]),
  to_json: [...elements, ...elements.map(arrayOf), ...elements.map(mapOf), VECTOR].map(type => [
    type
  ]),
  cut_inside: [[arrayOf(TEXT)], [arrayOf(arrayOf(TEXT))]],
  fit_inside: [[arrayOf(TEXT)]]
}

type Call = (args: readonly string[]) => string

const comparisons = ['=', '<>', '<', '<=', '>', '>=']

/** How an operator is written that is not between its operands. */
const calls: Readonly<Record<string, readonly Call[]>> = {
  array: [args => `ARRAY[${args.join(', ')}]`],
  array_element: [([array, at]) => `(${array!})[${at!}]`],
  map_element: [([map, key]) => `(${map!})[${key!}]`],
  any: comparisons.flatMap(comparison =>
    ['ANY', 'ALL'].map((quantifier): Call => {
      return ([item, array]) => `(${item!}) ${comparison} ${quantifier}(${array!})`
    })
  ),
  like_any: ['LIKE ANY', 'NOT LIKE ALL', 'ILIKE ANY'].map((operator): Call => {
    return ([item, patterns]) => `(${item!}) ${operator} (${patterns!})`
  }),
  row: [args => `ROW(${args.join(', ')})`],
  row_field: [([row]) => `(${row!}).a`, ([row]) => `(${row!}).b`],
  cut_inside: [([array]) => `CAST(${array!} AS VARCHAR(2)[])`],
  fit_inside: [([array]) => array!]
}

/** Empty for a function that has no such overload. Throws where no types fit what it is shown to take. */
export function makeGenericCases(entry: FunctionEntry): readonly FunctionCase[] {
  const { generic, name } = entry
  if (generic === null) return []
  const lists = argumentLists[name] ?? generic.shown.flatMap(({ params }) => listsOf(params))
  const fitting = lists.filter(params => takes(entry, params))
  // An operator may take something that stands in its name, as the comparison of ANY.
  const taken = fitting.length === 0 && calls[name] !== undefined ? lists : fitting
  if (taken.length === 0) throw new Error(`${name} takes none of the types in generic-cases.ts`)
  const ways = calls[name] ?? [(args: readonly string[]) => showCall(entry, args)]
  return taken.flatMap((params, i) => {
    // Of many ways to write it some for each list, and all of them for all lists.
    const some = ways.filter((_, at) => ways.length < 4 || at % taken.length === i % ways.length)
    const chosen = some.length === 0 ? [ways[i % ways.length]!] : some
    return chosen.map(call => makeCaseOf(entry, params, call))
  })
}

function takes({ generic }: FunctionEntry, params: readonly SqlType[]): boolean {
  const args = params.map(type => ({ type, isStringLiteral: false }))
  return generic!.resolve(args) !== null
}

/** `T[], INT` with each type as T. */
function listsOf(shown: string): readonly (readonly SqlType[])[] {
  const parts = shown.split(/, (?![^<(]*[>)])/).flatMap(part => {
    const repeated = /^(.*)\.\.\.$/.exec(part)
    return repeated === null ? [part] : [repeated[1]!, repeated[1]!, repeated[1]!]
  })
  const types = parts.some(part => part.includes('T') && named[part] === undefined)
    ? elements
    : [INT]
  return types.map(element => parts.map(part => typeOf(part, element)))
}

function typeOf(shown: string, element: SqlType): SqlType {
  if (shown === 'T') return element
  if (shown.endsWith('[]')) return arrayOf(typeOf(shown.slice(0, -2), element))
  const map = /^MAP<TEXT, (.*)>$/.exec(shown)
  if (map !== null) return mapOf(typeOf(map[1]!, element))
  const type = named[shown]
  if (type === undefined) throw new Error(`no values of ${shown}: add some to generic-cases.ts`)
  return type
}
