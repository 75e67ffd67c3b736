import { ADMIN } from '../admin.ts'
import { wireType } from '../wire-type.ts'
import { catalogTypes } from './catalog-types.ts'
import { informationRows } from './information-schema.ts'
import { type NumberedRelation, OWNER, SCHEMAS } from './numbered-relations.ts'
import { quoteIdent } from '../../functions/quote.ts'
import type { SessionFacts } from './session-facts.ts'
import type { CatalogRow } from './catalog-row.ts'

type Rows = (relations: readonly NumberedRelation[], facts: SessionFacts) => readonly CatalogRow[]

/** PostgreSQL's number of UTF-8. */
const UTF8 = 6
const HASH = 405
const TABLESPACE = 1663
const DATABASE = 1

const pg: Readonly<Record<string, Rows>> = {
  pg_class: relations => relations.flatMap(one => [tableRow(one), ...indexOf(one, indexClassRow)]),
  pg_attribute: relations =>
    relations.flatMap(one => [
      ...attributeRows(one),
      ...indexOf(one, one => indexAttributeRows(one)).flat()
    ]),
  pg_index: relations => relations.flatMap(one => indexOf(one, indexRow)),
  pg_constraint: relations => relations.flatMap(one => indexOf(one, constraintRow)),
  pg_namespace: () => SCHEMAS.map(({ oid, name }) => ({ oid, nspname: name, nspowner: OWNER })),
  pg_type: () => typeRows(),
  pg_am: () => [
    { oid: 2, amname: 'heap', amhandler: 'heap_tableam_handler', amtype: 't' },
    { oid: HASH, amname: 'hash', amhandler: 'hashhandler', amtype: 'i' }
  ],
  pg_database: (_, { database }) => [
    {
      ...{ oid: DATABASE, datname: database, datdba: OWNER, encoding: UTF8, datlocprovider: 'c' },
      ...{ datallowconn: true, datconnlimit: -1, dattablespace: TABLESPACE },
      ...{ datcollate: 'C', datctype: 'C' }
    }
  ],
  pg_tablespace: () => [{ oid: TABLESPACE, spcname: 'pg_default', spcowner: OWNER }],
  pg_roles: () => [{ oid: OWNER, rolname: ADMIN, ...role, rolpassword: '********' }],
  pg_authid: () => [{ oid: OWNER, rolname: ADMIN, ...role, rolpassword: null }],
  pg_user: () => [{ usename: ADMIN, usesysid: OWNER, passwd: '********' }],
  pg_tables: relations =>
    relations.map(({ relation: { schema, name, key } }) => ({
      ...{ schemaname: schema, tablename: name, tableowner: ADMIN, hasindexes: key !== null }
    })),
  pg_indexes: relations =>
    relations.flatMap(one =>
      indexOf(one, ({ relation: { schema, name, columns, key } }) => {
        const keys = key!.map(at => quoteIdent(columns[at]!.name)).join(', ')
        const own = `${name}_pkey`
        return {
          ...{ schemaname: schema, tablename: name, indexname: own },
          indexdef: `CREATE UNIQUE INDEX ${quoteIdent(own)} ON ${schema}.${quoteIdent(name)} USING hash (${keys})`
        }
      })
    ),
  pg_settings: (_, { settings }) =>
    settings().map(([name, setting]) => ({
      ...{
        name,
        setting,
        category: 'miraclec',
        short_desc: '',
        context: 'user',
        vartype: 'string'
      },
      ...{ source: 'default', boot_val: setting, reset_val: setting }
    }))
}

const role = { rolinherit: true, rolcanlogin: true, rolconnlimit: -1 }

/** `key`: the table's name with its schema. Of the tables that are not here there are no rows. */
export function catalogRows(
  key: string,
  relations: readonly NumberedRelation[],
  facts: SessionFacts
): readonly CatalogRow[] {
  const [schema, name] = key.split('.')
  if (schema === 'information_schema') return informationRows(name!, relations, facts)
  return Object.hasOwn(pg, name!) ? pg[name!]!(relations, facts) : []
}

function indexOf<T>(one: NumberedRelation, make: (one: NumberedRelation) => T): T[] {
  return one.relation.key === null ? [] : [make(one)]
}

/** What tables and indexes have in common. */
function classRow({ relation, schemaOid }: NumberedRelation): CatalogRow {
  return {
    ...{ relnamespace: schemaOid, relowner: OWNER, reltuples: -1, relpersistence: 'p' },
    ...{ relispopulated: true, relreplident: 'd', relnatts: relation.columns.length }
  }
}

function tableRow(one: NumberedRelation): CatalogRow {
  const { name, key } = one.relation
  return {
    ...classRow(one),
    oid: one.table,
    relname: name,
    relkind: 'r',
    relhasindex: key !== null
  }
}

function indexClassRow(one: NumberedRelation): CatalogRow {
  const { name, key } = one.relation
  const own = {
    oid: one.index,
    relname: `${name}_pkey`,
    relkind: 'i',
    relam: HASH,
    relreplident: 'n'
  }
  return { ...classRow(one), ...own, relnatts: key!.length }
}

function attributeRows({ relation, table }: NumberedRelation): CatalogRow[] {
  return relation.columns.map((_, i) => attributeRow(relation, i, table, i + 1))
}

function indexAttributeRows({ relation, index }: NumberedRelation): CatalogRow[] {
  return relation.key!.map((column, i) => attributeRow(relation, column, index, i + 1))
}

function attributeRow(
  { columns }: NumberedRelation['relation'],
  column: number,
  attrelid: number,
  attnum: number
): CatalogRow {
  const { name, type, nullable } = columns[column]!
  const { oid, size, modifier, name: shown } = wireType(type)
  return {
    ...{ attrelid, attname: name, atttypid: oid, attlen: size, attnum, atttypmod: modifier },
    ...{ attndims: shown.endsWith('[]') ? 1 : 0, attnotnull: !nullable, attislocal: true },
    ...{ attstorage: size < 0 ? 'x' : 'p', attalign: 'd', attbyval: size > 0, attcacheoff: -1 },
    ...{ attstattarget: -1, attidentity: '', attgenerated: '', attcompression: '' }
  }
}

function indexRow({ relation, table, index }: NumberedRelation): CatalogRow {
  const places = relation.key!.map(column => column + 1)
  const none = places.map(() => 0)
  const isUnique = relation.nullsInKey === true
  return {
    ...{ indexrelid: index, indrelid: table, indnatts: places.length, indnkeyatts: places.length },
    ...{ indisunique: true, indisprimary: !isUnique, indnullsnotdistinct: isUnique },
    ...{ indimmediate: true, indisvalid: true },
    ...{ indisready: true, indislive: true, indkey: places },
    ...{ indcollation: none, indclass: none, indoption: none }
  }
}

function constraintRow({
  relation,
  schemaOid,
  table,
  index,
  constraint
}: NumberedRelation): CatalogRow {
  const contype = relation.nullsInKey === true ? 'u' : 'p'
  return {
    ...{ oid: constraint, conname: `${relation.name}_pkey`, connamespace: schemaOid, contype },
    ...{ convalidated: true, conrelid: table, conindid: index, conislocal: true },
    ...{ confupdtype: ' ', confdeltype: ' ', confmatchtype: ' ', connoinherit: true },
    conkey: relation.key!.map(column => column + 1)
  }
}

function typeRows(): CatalogRow[] {
  const all = [...catalogTypes()]
  const oidOf = (name: string | null): number => all.find(one => one.name === name)?.oid ?? 0
  return all.map(type => ({
    ...{ oid: type.oid, typname: type.name, typnamespace: SCHEMAS[0].oid, typowner: OWNER },
    ...{ typlen: type.size, typbyval: type.size > 0 && type.size <= 8, typtype: 'b' },
    ...(type.category === 'P' ? { typtype: 'p' } : {}),
    ...{ typcategory: type.category, typisdefined: true, typdelim: ',', typtypmod: -1 },
    ...{ typelem: oidOf(type.element), typarray: type.arrayOid, typalign: 'i', typstorage: 'p' },
    ...{
      typinput: type.element === null ? `${type.name}in` : 'array_in',
      typoutput: type.element === null ? `${type.name}out` : 'array_out'
    }
  }))
}
