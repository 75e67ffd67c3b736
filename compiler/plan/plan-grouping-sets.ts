import {
  type Expr,
  groupingBits,
  makeColumn,
  makeLiteral,
  makeProject,
  makeUnion,
  type StreamNode
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'

/**
 * Each row once per grouping set, with the keys behind its columns: those that a set does not have are NULL, and the last one
 * tells the sets apart. The keys are computed once, below.
 */
export function planGroupingSets(
  input: StreamNode,
  keys: readonly Expr[],
  sets: readonly (readonly number[])[],
  span: Span
): { readonly node: StreamNode; readonly keys: readonly Expr[] } {
  const { columns } = input.schema
  const width = columns.length
  const passed = columns.map((column, i) => makeColumn(i, column, span))
  const named = keys.slice(0, -1)
  const places = [...named.keys()]
  const isEverywhere = (place: number): boolean => sets.every(set => set.includes(place))
  const own = keys.map(({ type, nullable }, i) => ({
    name: i < named.length ? `key_${i + 1}` : 'grouping',
    type,
    nullable: nullable || (i < named.length && !isEverywhere(i))
  }))
  const computed = { columns: [...columns, ...own.slice(0, -1)] }
  const below = makeProject(input, [...passed, ...named], computed, span)
  const schema = { columns: [...columns, ...own] }
  const branches = sets.map(set => {
    const ofSet = named.map((key, place) =>
      set.includes(place)
        ? makeColumn(width + place, computed.columns[width + place]!, key.span)
        : makeLiteral(null, key.type, key.span)
    )
    const bits = makeLiteral(groupingBits(places, set), keys.at(-1)!.type, span)
    return makeProject(below, [...passed, ...ofSet, bits], schema, span)
  })
  return {
    node: makeUnion(branches, schema, span),
    keys: own.map((column, i) => makeColumn(width + i, column, keys[i]!.span))
  }
}
