import type { Relation } from '../../contract/index.ts'

/** Where PostgreSQL begins to number what users make. */
const FIRST_OID = 16_384
/** Of a table, its primary key's index, that key as a constraint. */
const PER_RELATION = 3
export const OWNER = 10

export const SCHEMAS = [
  { oid: 11, name: 'pg_catalog' },
  { oid: 2200, name: 'public' },
  { oid: 12_000, name: 'system' },
  { oid: 13_000, name: 'information_schema' }
] as const

/** A table of the pipeline with the numbers that it has in the catalogue: the same as long as the pipeline runs. */
export interface NumberedRelation {
  readonly relation: Relation
  readonly schemaOid: number
  readonly table: number
  readonly index: number
  readonly constraint: number
}

export function numberRelations(relations: readonly Relation[]): readonly NumberedRelation[] {
  return relations.map((relation, i) => {
    const table = FIRST_OID + PER_RELATION * i
    const schemaOid = SCHEMAS.find(({ name }) => name === relation.schema)!.oid
    return { relation, schemaOid, table, index: table + 1, constraint: table + 2 }
  })
}
