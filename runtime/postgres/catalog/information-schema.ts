import type { Relation, ValueColumn } from '../../contract/index.ts'
import { ADMIN } from '../admin.ts'
import { wireType } from '../wire-type.ts'
import { typeOfOid } from './catalog-types.ts'
import type { CatalogRow } from './catalog-row.ts'
import { type NumberedRelation, SCHEMAS } from './numbered-relations.ts'
import type { SessionFacts } from './session-facts.ts'

/** The standard's tables about tables: what tools that are for no database in particular ask. */
export function informationRows(
  name: string,
  relations: readonly NumberedRelation[],
  { database }: SessionFacts
): readonly CatalogRow[] {
  const all = relations.map(({ relation }) => relation)
  switch (name) {
    case 'information_schema_catalog_name':
      return [{ catalog_name: database }]
    case 'schemata':
      return SCHEMAS.map(schema => ({
        ...{ catalog_name: database, schema_name: schema.name, schema_owner: ADMIN }
      }))
    case 'tables':
      return all.map(one => tableRow(one, database))
    case 'columns':
      return all.flatMap(one => one.columns.map((column, i) => columnRow(one, column, i, database)))
    case 'table_constraints':
      return all.filter(({ key }) => key !== null).map(one => constraintRow(one, database))
    case 'key_column_usage':
    case 'constraint_column_usage':
      return all.flatMap(one => keyRows(one, database))
    case 'enabled_roles':
      return [{ role_name: ADMIN }]
    default:
      return []
  }
}

function tableName({ schema, name }: Relation, database: string): CatalogRow {
  return { table_catalog: database, table_schema: schema, table_name: name }
}

function tableRow(one: Relation, database: string): CatalogRow {
  return {
    ...tableName(one, database),
    table_type: 'BASE TABLE',
    is_insertable_into: one.schema === 'public' ? 'YES' : 'NO',
    is_typed: 'NO'
  }
}

/** Bits of whole numbers and of floating point, digits of a DECIMAL. */
const precisions: Readonly<Record<string, readonly [precision: number, radix: number]>> = {
  SmallInt: [16, 2],
  Int: [32, 2],
  BigInt: [64, 2],
  Real: [24, 2],
  Double: [53, 2]
}

function columnRow(
  one: Relation,
  { name, type, nullable }: ValueColumn,
  place: number,
  database: string
): CatalogRow {
  const wired = wireType(type)
  const isArray = wired.name.endsWith('[]')
  return {
    ...tableName(one, database),
    ...{ column_name: name, ordinal_position: place + 1, column_default: null },
    is_nullable: nullable ? 'YES' : 'NO',
    data_type: isArray ? 'ARRAY' : wired.name.replace(/\(.*?\)/, ''),
    ...sizesOf(type),
    ...{
      udt_catalog: database,
      udt_schema: 'pg_catalog',
      udt_name: typeOfOid(wired.oid)?.name ?? 'record'
    },
    ...{ maximum_cardinality: null, dtd_identifier: String(place + 1), is_self_referencing: 'NO' },
    ...{ is_identity: 'NO', identity_cycle: 'NO', is_generated: 'NEVER' },
    is_updatable: one.schema === 'public' ? 'YES' : 'NO'
  }
}

/** Bytes, digits and parts of a second: NULL where the type has none. */
function sizesOf(type: ValueColumn['type']): CatalogRow {
  const { kind } = type
  const [bits = null, radix = null] = precisions[kind] ?? []
  const times: CatalogRow = /^(?:Time|Interval)/.test(kind)
    ? { datetime_precision: 6 }
    : kind === 'Date'
      ? { datetime_precision: 0 }
      : {}
  if (kind === 'Text') return { character_octet_length: 1_073_741_824 }
  if (kind === 'Decimal') {
    const { precision, scale } = type
    return { numeric_precision: precision, numeric_precision_radix: 10, numeric_scale: scale }
  }
  const isWhole = bits !== null && !/^(?:Real|Double)$/.test(kind)
  const scale = isWhole ? 0 : null
  return { numeric_precision: bits, numeric_precision_radix: radix, numeric_scale: scale, ...times }
}

function constraintName({ schema, name }: Relation, database: string): CatalogRow {
  return {
    ...{ constraint_catalog: database, constraint_schema: schema },
    constraint_name: `${name}_pkey`
  }
}

function constraintRow(one: Relation, database: string): CatalogRow {
  return {
    ...constraintName(one, database),
    ...tableName(one, database),
    constraint_type: one.nullsInKey === true ? 'UNIQUE' : 'PRIMARY KEY',
    ...{ is_deferrable: 'NO', initially_deferred: 'NO', enforced: 'YES' }
  }
}

function keyRows(one: Relation, database: string): CatalogRow[] {
  return (one.key ?? []).map((column, i) => ({
    ...constraintName(one, database),
    ...tableName(one, database),
    ...{ column_name: one.columns[column]!.name, ordinal_position: i + 1 },
    position_in_unique_constraint: null
  }))
}
