import { sameType, type SqlType } from '../../../compiler/types/index.ts'
import { castValue } from '../cast.ts'
import { partText } from '../cast-inside.ts'
import { compareValues, notDistinct } from '../compare.ts'
import { Failure } from '../failure.ts'
import type { Value } from '../value.ts'
import { arithmeticTwins } from './arithmetic.ts'
import { comparisonTwins } from './comparison.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'

type Present = Exclude<Value, null>
type Items = readonly Value[]

const at = (items: Items, index: bigint): Value => {
  const position = Number(index) - 1
  return position >= 0 && position < items.length ? items[position]! : null
}

/** What the elements of an argument are. */
function elementType(type: SqlType): SqlType {
  return type.kind === 'Array' ? type.element : { kind: 'Double' }
}

/** The lengths of all dimensions; none of an array without elements. */
function dimensions(value: Value, type: SqlType): readonly bigint[] {
  if (value === null || type.kind !== 'Array') return []
  const items = value as Items
  if (items.length === 0) return []
  return [BigInt(items.length), ...dimensions(items[0] ?? null, type.element)]
}

function countAll(items: Items, type: SqlType): bigint {
  if (type.kind !== 'Array' || type.element.kind !== 'Array') return BigInt(items.length)
  const { element } = type
  return items.reduce(
    (sum: bigint, item) => sum + (item === null ? 1n : countAll(item as Items, element)),
    0n
  )
}

/** A comparison that holds for one of the elements; three-valued. */
const any: FunctionTwin = {
  takesNull: true,
  evaluate: ([item, items, name]: readonly [Value, Items | null, string], { types }: CallTypes) => {
    if (items === null) return null
    const comparison = comparisonTwins[name]!
    const answers = items.map(other => {
      if (item === null || other === null) return null
      const pair = { types: [types[0]!, types[0]!], result: types[0]! }
      return comparison.evaluate([item, other] as never, pair)
    })
    return answers.includes(true) ? true : answers.includes(null) ? null : false
  }
}

/** A function of an array and values that equal some of its elements, NULL equal to NULL. */
function matching(
  find: (matches: readonly boolean[], items: Items, replacement: Value) => Value
): FunctionTwin {
  return {
    takesNull: true,
    evaluate: (
      [items, sought, more]: readonly [Items | null, Value, Value?],
      { types }: CallTypes
    ) => {
      if (items === null) return null
      const element = elementType(types[0]!)
      const matches = items.map(item => notDistinct(item, sought, element))
      return find(matches, items, more ?? null)
    }
  }
}

/** The element that stands first in an order; NULLs do not take part. */
function first(sign: 1 | -1): FunctionTwin {
  return {
    evaluate: ([items]: readonly [Items], { types }: CallTypes) => {
      const order = (a: Present, b: Present): number =>
        sign * compareValues(a, b, elementType(types[0]!))
      return items.filter(item => item !== null).toSorted(order)[0] ?? null
    }
  }
}

function sort(items: Items, type: SqlType): Items {
  const present = items.filter(item => item !== null)
  const nulls = items.filter(item => item === null)
  return [...present.toSorted((a, b) => compareValues(a, b, type)), ...nulls]
}

function sum(items: Items, element: SqlType, result: SqlType): Value {
  const present = items.map(item => castValue(item, element, result)).filter(item => item !== null)
  if (present.length === 0) return null
  return present.reduce<Value>(
    (total, item) =>
      total === null
        ? item
        : arithmeticTwins['add']!.evaluate([total, item] as never, {
            types: [result, result],
            result
          }),
    null
  )
}

function split([text, separator, nullText]: readonly [
  string | null,
  string | null,
  (string | null)?
]): Value {
  if (text === null) return null
  if (text === '') return []
  const parts = separator === null ? [...text] : separator === '' ? [text] : text.split(separator)
  return parts.map(part => (part === (nullText ?? null) ? null : part))
}

export const arrayTwins: Twins = {
  array: { takesNull: true, evaluate: (items: Items) => items },
  array_element: {
    evaluate: ([items, index]: readonly [Items, bigint]) => at(items, index)
  },
  any,
  array_append: {
    takesNull: true,
    evaluate: ([items, item]: readonly [Items | null, Value]) => (items ?? []).concat([item])
  },
  array_prepend: {
    takesNull: true,
    evaluate: ([item, items]: readonly [Value, Items | null]) => [item].concat(items ?? [])
  },
  array_cat: {
    takesNull: true,
    evaluate: (
      [left, right]: readonly [Items | null, Items | null],
      { types, result }: CallTypes
    ) => {
      if (left === null && right === null) return null
      const [a, b] = [left, right].map((items, i) => {
        if (items === null) return []
        return sameType(types[i]!, result) ? items : [items]
      })
      return [...a!, ...b!]
    }
  },
  array_contains: {
    evaluate: ([items, item]: readonly [Items, Present], { types }: CallTypes) =>
      items.some(other => other !== null && compareValues(other, item, types[1]!) === 0)
  },
  array_position: matching(matches => {
    const index = matches.indexOf(true)
    return index === -1 ? null : BigInt(index + 1)
  }),
  array_positions: matching(matches =>
    matches.map((match, i) => (match ? BigInt(i + 1) : 0n)).filter(place => place > 0n)
  ),
  array_remove: matching((matches, items) => items.filter((_, i) => !matches[i])),
  array_replace: matching((matches, items, replacement) =>
    items.map((item, i) => (matches[i] ? replacement : item))
  ),
  array_to_string: {
    takesNull: true,
    evaluate: (
      [items, separator, nullText]: readonly [Items | null, string | null, (string | null)?],
      { types }: CallTypes
    ) => {
      if (items === null || separator === null) return null
      return items
        .map(item => partText(item, elementType(types[0]!)) ?? nullText ?? null)
        .filter(text => text !== null)
        .join(separator)
    }
  },
  string_to_array: { takesNull: true, evaluate: split },
  cardinality: {
    evaluate: ([value]: readonly [Items | ReadonlyMap<string, Value>], { types }: CallTypes) =>
      value instanceof Map ? BigInt(value.size) : countAll(value as Items, types[0]!)
  },
  array_length: {
    evaluate: ([items, dimension]: readonly [Items, bigint?], { types }: CallTypes) =>
      dimension === undefined
        ? BigInt(items.length)
        : (dimensions(items, types[0]!)[Number(dimension) - 1] ?? null)
  },
  array_dims: {
    evaluate: ([items]: readonly [Items], { types }: CallTypes) =>
      dimensions(items, types[0]!)
        .map(length => `[1:${length}]`)
        .join('') || null
  },
  array_reverse: { evaluate: ([items]: readonly [Items]) => items.toReversed() },
  array_distinct: {
    evaluate: ([items]: readonly [Items], { types }: CallTypes) =>
      items.filter(
        (item, i) =>
          !items.slice(0, i).some(other => notDistinct(other, item, elementType(types[0]!)))
      )
  },
  array_sort: {
    evaluate: ([items]: readonly [Items], { types }: CallTypes) =>
      sort(items, elementType(types[0]!))
  },
  array_max: first(-1),
  array_min: first(1),
  array_sum: {
    evaluate: ([items]: readonly [Items], { types, result }: CallTypes) =>
      sum(items, elementType(types[0]!), result)
  },
  sequence: {
    evaluate: ([from, to]: readonly [bigint, bigint]) => {
      if (to - from >= 1_000_000n) throw new Failure('out-of-range', `${from} to ${to}`)
      const items: bigint[] = []
      for (let item = from; item <= to; item++) items.push(item)
      return items
    }
  },
  trim_array: {
    evaluate: ([items, count]: readonly [Items, bigint]) => {
      if (count < 0n || count > BigInt(items.length))
        throw new Failure('out-of-range', String(count))
      return items.filter((_, i) => i < items.length - Number(count))
    }
  },
  array_fill: {
    takesNull: true,
    evaluate: ([value, lengths]: readonly [Value, readonly (bigint | null)[] | null]) => {
      if (lengths === null || lengths[0] === null) throw new Failure('null-bound', 'NULL')
      if (lengths.length > 1) throw new Failure('wrong-dimensions', String(lengths))
      const times = lengths[0] ?? 0n
      if (times < 0n || times > 1_000_000n) throw new Failure('out-of-range', String(times))
      const items: Value[] = []
      while (items.length < Number(times)) items.push(value)
      return items
    }
  },
  array_slice: {
    evaluate: ([items, from, to]: readonly [Items, bigint, bigint]) =>
      items.filter((_, i) => i + 1 >= Number(from) && i + 1 <= Number(to))
  }
}
