import type { Relation } from '../../contract/index.ts'
import { wireType } from '../wire-type.ts'
import { ADMIN } from '../admin.ts'

/** The value of an expression of a row, as a text: psql reads nothing else. Undefined: nobody knows the expression. */
export type Value = string | null | undefined

/** A row of a catalogue's table, with what psql joins to it. */
export interface CatalogRow {
  valueOf(expression: string): Value
}

/** Where PostgreSQL begins to number what users make. */
const FIRST_OID = 16_384

export interface NumberedRelation {
  readonly oid: string
  readonly relation: Relation
}

export function numbered(relations: readonly Relation[]): readonly NumberedRelation[] {
  return relations.map((relation, i) => ({ oid: String(FIRST_OID + i), relation }))
}

type Values = Readonly<Record<string, string | null>>

/** What begins with one of these has a value, whatever follows. */
type Beginnings = readonly (readonly [beginning: string, value: string | null])[]

export function makeRow(values: Values, beginnings: Beginnings = []): CatalogRow {
  return {
    valueOf(expression) {
      if (Object.hasOwn(values, expression)) return values[expression]
      return beginnings.find(([beginning]) => expression.startsWith(beginning))?.[1]
    }
  }
}

/** `pg_class`, beside its namespace and access method. */
export function classRow({ oid, relation }: NumberedRelation): CatalogRow {
  return makeRow(
    {
      'c.oid': oid,
      'c.relname': relation.name,
      'n.nspname': relation.schema,
      'c.relkind': 'r',
      'pg_get_userbyid(c.relowner)': ADMIN,
      'c.relchecks': '0',
      'c.relhasindex': relation.key === null ? 'f' : 't',
      'c.relhasrules': 'f',
      'c.relhastriggers': 'f',
      'c.relrowsecurity': 'f',
      'c.relforcerowsecurity': 'f',
      false: 'f',
      'c.relispartition': 'f',
      "''": '',
      'c.reltablespace': '0',
      'c.relpersistence': 'p',
      'c.relreplident': 'd',
      'am.amname': null,
      'pg_table_is_visible(c.oid)': 't'
    },
    [
      ['case c.relkind', 'table'],
      ['case c.relpersistence', 'permanent'],
      ['case when c.reloftype=0', ''],
      ['array_to_string(c.reloptions', ''],
      ['array_to_string(c.relacl', null],
      ['array_to_string(array(select', null],
      ['pg_size_pretty(', null],
      ['obj_description(', null]
    ]
  )
}

/** `pg_attribute`: the columns of a relation. */
export function attributeRows({ oid, relation }: NumberedRelation): readonly CatalogRow[] {
  return relation.columns.map(({ name, type, nullable }, i) => {
    const wired = wireType(type)
    return makeRow(
      {
        'a.attrelid': oid,
        'a.attname': name,
        'a.attnum': String(i + 1),
        'format_type(a.atttypid,a.atttypmod)': wired.name,
        'a.attnotnull': nullable ? 'f' : 't',
        'a.attidentity': '',
        'a.attgenerated': '',
        'a.attstorage': wired.size < 0 ? 'x' : 'p',
        'a.attcompression': ''
      },
      [
        // Defaults and collations.
        ['(select ', null],
        ['case when a.attstattarget', null],
        ['col_description(', null]
      ]
    )
  })
}

/** `pg_index`, beside the classes of its table and its own: the primary key. */
export function indexRows({ oid, relation }: NumberedRelation): readonly CatalogRow[] {
  if (relation.key === null) return []
  const columns = relation.key.map(index => quoted(relation.columns[index]!.name)).join(', ')
  const name = `${relation.name}_pkey`
  const definition = `CREATE UNIQUE INDEX ${quoted(name)} ON ${quoted(relation.name)} USING hash (${columns})`
  return [
    makeRow(
      {
        'c.oid': oid,
        'c2.relname': name,
        'i.indisprimary': 't',
        'i.indisunique': 't',
        'i.indisclustered': 'f',
        'i.indisvalid': 't',
        contype: 'p',
        condeferrable: 'f',
        condeferred: 'f',
        'i.indisreplident': 'f',
        'c2.reltablespace': '0'
      },
      [
        ['pg_get_indexdef(', definition],
        ['pg_get_constraintdef(', `PRIMARY KEY (${columns})`]
      ]
    )
  ]
}

/** `pg_namespace`: the schemas. */
export function namespaceRows(): readonly CatalogRow[] {
  return ['public', 'system'].map(name =>
    makeRow({ 'n.nspname': name, 'pg_get_userbyid(n.nspowner)': ADMIN }, [
      ['array_to_string(n.nspacl', null],
      ['obj_description(', null]
    ])
  )
}

/** `pg_database`: the pipeline is one. */
export function databaseRows(name: string): readonly CatalogRow[] {
  return [
    makeRow(
      {
        'd.datname': name,
        'pg_get_userbyid(d.datdba)': ADMIN,
        'pg_encoding_to_char(d.encoding)': 'UTF8',
        'd.datcollate': 'C',
        'd.datctype': 'C',
        'd.daticulocale': null,
        't.spcname': null
      },
      [
        ['case d.datlocprovider', 'libc'],
        ['array_to_string(d.datacl', null],
        ['case when has_database_privilege', null],
        ['shobj_description(', null]
      ]
    )
  ]
}

/** `pg_roles`: who has the token. */
export function roleRows(): readonly CatalogRow[] {
  const no = ['rolsuper', 'rolcreaterole', 'rolcreatedb', 'rolreplication', 'rolbypassrls']
  return [
    makeRow(
      {
        'r.rolname': ADMIN,
        ...Object.fromEntries(no.map(name => [`r.${name}`, 'f'])),
        'r.rolinherit': 't',
        'r.rolcanlogin': 't',
        'r.rolconnlimit': '-1',
        'r.rolvaliduntil': null
      },
      [
        ['array(select b.rolname', '{}'],
        ['shobj_description(', null]
      ]
    )
  ]
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
