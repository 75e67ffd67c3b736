import type { SqlType } from '../../../compiler/types/index.ts'
import { compareValues } from '../compare.ts'
import type { Value } from '../value.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'

type Items = readonly Value[]

/** For each element of the second array, whether it equals one of the first; NULL equals nothing. */
function found(a: Items, b: Items, type: SqlType): boolean[] {
  if (type.kind !== 'Array') throw new Error('no array')
  return b.map(item =>
    a.some(
      other => item !== null && other !== null && compareValues(item, other, type.element) === 0
    )
  )
}

function ofTwo(decide: (found: readonly boolean[]) => boolean): FunctionTwin {
  return {
    evaluate: ([a, b]: readonly [Items, Items], { types }: CallTypes) =>
      decide(found(a, b, types[0]!))
  }
}

/** The lengths from the outside in, along the first elements. */
function lengths(value: Value, type: SqlType): readonly number[] {
  if (value === null || type.kind !== 'Array') return []
  const items = value as Items
  return [items.length, ...lengths(items[0] ?? null, type.element)]
}

export const arraySetTwins: Twins = {
  contains: ofTwo(each => !each.includes(false)),
  overlaps: ofTwo(each => each.includes(true)),
  array_ndims: {
    evaluate: ([array]: readonly [Items], { types }: CallTypes) => {
      const [outer, ...inner] = lengths(array, types[0]!)
      return outer === 0 ? null : BigInt(1 + inner.filter(length => length > 0).length)
    }
  },
  array_lower: {
    evaluate: ([array, dimension]: readonly [Items, bigint], { types }: CallTypes) => {
      const length = dimension < 1n ? 0 : (lengths(array, types[0]!)[Number(dimension) - 1] ?? 0)
      return length > 0 ? 1n : null
    }
  }
}
