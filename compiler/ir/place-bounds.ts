import { mirroredComparisons } from './mirrored-comparisons.ts'
import type { BoundRelation } from './bound.ts'
import type { OverCall } from './over.ts'
import type { Expr } from './scalars.ts'
import type { RankFunction } from './streams.ts'

/** The places that a condition leaves of a rank, both included. */
export interface Places {
  readonly from: number
  readonly to: number
}

export interface PlaceBounds {
  readonly places: ReadonlyMap<OverCall, Places>
  /** Conditions about anything else. */
  readonly rest: readonly Expr[]
}

/** Which places the conditions on the rows of a relation leave of the ranks that are columns of it, such as `place <= 10`. */
export function placeBounds(conjuncts: readonly Expr[], relation: BoundRelation): PlaceBounds {
  const found = conjuncts.map(conjunct => boundOf(conjunct, relation))
  const places = new Map<OverCall, Places>()
  for (const bound of found) {
    if (bound === null) continue
    const known = places.get(bound.call)
    places.set(bound.call, known === undefined ? bound : intersect(known, bound))
  }
  // Without a last place there is nothing to keep the first rows for.
  for (const [call, { to }] of places) if (to === Infinity) places.delete(call)
  const rest = conjuncts.filter((_, i) => !places.has(found[i]?.call as OverCall))
  return { places, rest }
}

export function intersect(a: Places, b: Places): Places {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }
}

export function rankOf({ call }: OverCall): RankFunction | null {
  return ranks.get(call.name) ?? null
}

const ranks: ReadonlyMap<string, RankFunction> = new Map([
  ['row_number', 'ROW_NUMBER'],
  ['rank', 'RANK'],
  ['dense_rank', 'DENSE_RANK']
])

function boundOf(
  condition: Expr,
  relation: BoundRelation
): (Places & { readonly call: OverCall }) | null {
  if (condition.kind !== 'Call') return null
  const [left, right] = condition.args
  const mirror = mirroredComparisons[condition.function]
  if (left === undefined || right === undefined || mirror === undefined) return null
  const isMirrored = left.kind !== 'Column'
  const [column, limit] = isMirrored ? [right, left] : [left, right]
  if (column.kind !== 'Column' || limit.kind !== 'Literal') return null
  const call = rankBehind(relation, column.index)
  const places = placesUpTo(isMirrored ? mirror : condition.function, Number(limit.value))
  return call === null || limit.value === null || places === null ? null : { call, ...places }
}

function placesUpTo(comparison: string, limit: number): Places | null {
  if (!Number.isSafeInteger(limit)) return null
  switch (comparison) {
    case 'equal':
      return { from: Math.max(limit, 1), to: limit }
    case 'less':
      return { from: 1, to: limit - 1 }
    case 'lessEqual':
      return { from: 1, to: limit }
    case 'greater':
      return { from: Math.max(limit + 1, 1), to: Infinity }
    case 'greaterEqual':
      return { from: Math.max(limit, 1), to: Infinity }
    default:
      return null
  }
}

/** The rank that a column of a relation is; null: it is something else. */
function rankBehind(relation: BoundRelation, index: number): OverCall | null {
  switch (relation.kind) {
    case 'Over': {
      const width = relation.input.schema.columns.length
      if (index < width) return rankBehind(relation.input, index)
      const call = relation.calls[index - width]!
      return rankOf(call) === null ? null : call
    }
    case 'Filtered':
      return rankBehind(relation.input, index)
    case 'Derived': {
      const { query } = relation
      if (query.kind !== 'Select' || query.grouping !== null) return null
      const expr = query.items[index]?.expr
      return expr?.kind === 'Column' ? rankBehind(query.from, expr.index) : null
    }
    default:
      return null
  }
}
