import {
  type BoundEmission,
  type BoundRelation,
  type Expr,
  intersect,
  makeAnd,
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

/** WHERE without the conditions on places, which become demands on the relation that they are about. */
export function demandPlaces(
  where: Expr | null,
  relation: BoundRelation,
  outer: Demand,
  own: BoundEmission | null
): { readonly where: Expr | null; readonly demand: Demand } {
  const { places, rest } = placeBounds(where, relation)
  if (places.size === 0) return { where, demand: outer }
  const all = new Map(outer.places)
  for (const [call, found] of places) {
    const known = all.get(call)
    all.set(call, known === undefined ? found : intersect(known, found))
  }
  const kept = rest.length === 0 ? null : makeAnd(rest, where!.span)
  return { where: kept, demand: { ...outer, places: all, emission: own ?? outer.emission } }
}
