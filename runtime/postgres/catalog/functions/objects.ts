import { typeOfOid } from '../catalog-types.ts'
import { typeNumber } from '../cast-value.ts'
import { type CatalogFunction, type Functions, named } from './function.ts'

const yes: CatalogFunction = { type: 'bool', takesNull: true, call: () => true }
const none: CatalogFunction = { type: 'text', takesNull: true, call: () => null }
/** Who may see a table sees all of it. */
const PRIVILEGES = `
has_table_privilege has_any_column_privilege has_column_privilege has_schema_privilege has_database_privilege
has_type_privilege has_function_privilege has_language_privilege has_tablespace_privilege pg_has_role`
const VISIBLE = `
pg_type_is_visible pg_function_is_visible pg_operator_is_visible pg_collation_is_visible
pg_opclass_is_visible pg_opfamily_is_visible pg_statistics_obj_is_visible pg_conversion_is_visible
pg_ts_config_is_visible pg_ts_dict_is_visible`
/** What is never there: comments, defaults, views, sequences, rules, partitions, and what is measured of files. */
const NONE = `
obj_description col_description shobj_description pg_get_expr pg_get_viewdef pg_get_ruledef pg_get_triggerdef
pg_get_partkeydef pg_get_serial_sequence pg_get_statisticsobjdef pg_get_statisticsobjdef_columns
pg_get_functiondef pg_get_function_arguments
pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_tablespace_location
pg_partition_root pg_relation_is_publishable pg_get_publication_tables pg_get_function_arg_default
pg_sequence_last_value pg_stat_get_numscans pg_encoding_max_length pg_ts_parser_is_visible acldefault aclexplode
pg_column_size pg_describe_object pg_identify_object age txid_snapshot_xmin`
const SIZES = `
pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_database_size pg_tablespace_size`

export const objectFunctions: Functions = {
  ...named(PRIVILEGES, yes),
  ...named(VISIBLE, yes),
  pg_table_is_visible: { type: 'bool', call: ([oid], all) => all.isVisible(Number(oid)) },
  ...named(NONE, none),
  ...named(SIZES, { type: 'int8', takesNull: true, call: () => null }),
  pg_size_pretty: { type: 'text', call: ([size]) => `${String(size)} bytes` },
  row_security_active: { type: 'bool', call: () => false },
  format_type: {
    type: 'text',
    takesNull: true,
    call([oid, modifier]) {
      if (oid === null) return null
      const type = typeOfOid(Number(oid))
      if (type === null) return '???'
      return shownWith(type.shown, modifier === null ? -1 : Number(modifier))
    }
  },
  pg_get_userbyid: {
    type: 'name',
    call: ([oid], { owner }) => (oid === owner.oid ? owner.name : `unknown (OID=${String(oid)})`)
  },
  pg_encoding_to_char: { type: 'name', call: ([encoding]) => (encoding === 6 ? 'UTF8' : '') },
  pg_char_to_encoding: { type: 'int4', call: () => 6 },
  pg_get_indexdef: {
    type: 'text',
    args: ['oid', 'int4', 'bool'],
    call: ([oid, column = 0], catalogue) => catalogue.indexDefinition(Number(oid), Number(column))
  },
  pg_get_constraintdef: {
    type: 'text',
    args: ['oid', 'bool'],
    call: ([oid], catalogue) => catalogue.constraintDefinition(Number(oid))
  },
  getdatabaseencoding: { type: 'name', call: () => 'UTF8' },
  to_regclass: { type: 'regclass', call: ([name], all) => all.numberOf('regclass', String(name)) },
  to_regtype: { type: 'regtype', call: ([name]) => typeNumber(String(name)) },
  to_regnamespace: {
    type: 'regnamespace',
    call: ([name], all) => all.numberOf('regnamespace', String(name))
  },
  to_regrole: { type: 'regrole', call: ([name], all) => all.numberOf('regrole', String(name)) }
}

/** `numeric(20,2)`: the modifier holds both numbers. */
function shownWith(shown: string, modifier: number): string {
  if (modifier < 4 || !/^numeric/.test(shown)) return shown
  const own = modifier - 4
  return shown.replace('numeric', `numeric(${own >> 16},${own & 0xffff})`)
}
