import {
  type BoundEmission,
  type BoundRelation,
  type Expr,
  intersect,
  type OverCall,
  placeBounds,
  type Places
} from '../ir/index.ts'

/** What is asked of a relation by what reads it. */
export interface Demand {
  /** The columns that are read; null: all. */
  readonly reads: ReadonlySet<number> | null
  /** The places of ranks that are left of it. */
  readonly places: ReadonlyMap<OverCall, Places>
  /** When those are told, where the query that asks for them says so. */
  readonly emission: BoundEmission | null
}

export const everything: Demand = { reads: null, places: new Map(), emission: null }

/** Conditions without those on places, which become demands on the relation that they are about. */
export function demandPlaces(
  conditions: readonly Expr[],
  relation: BoundRelation,
  outer: Demand,
  own: BoundEmission | null
): { readonly rest: readonly Expr[]; readonly demand: Demand } {
  const { places, rest } = placeBounds(conditions, relation)
  if (places.size === 0) return { rest, demand: outer }
  const all = new Map(outer.places)
  for (const [call, found] of places) {
    const known = all.get(call)
    all.set(call, known === undefined ? found : intersect(known, found))
  }
  return { rest, demand: { ...outer, places: all, emission: own ?? outer.emission } }
}
