import { SqlStateError } from '../../sql-state-error.ts'
import { type CatalogFunction, type Functions, named } from './function.ts'

const none: CatalogFunction = { type: 'text', takesNull: true, call: () => null }

function fact(type: string, call: CatalogFunction['call']): CatalogFunction {
  return { type, call }
}

const user = fact('name', (_, { facts }) => facts.user)
const database = fact('name', (_, { facts }) => facts.database)
const now = fact('timestamptz', (_, { facts }) => facts.now)

/** What a connection is. */
export const sessionFunctions: Functions = {
  version: fact('text', () => 'PostgreSQL 15.0, as a miraclec pipeline answers'),
  ...named('current_user session_user user current_role', user),
  ...named('current_database current_catalog', database),
  current_schema: fact('name', () => 'public'),
  current_schemas: fact('_name', ([isAll]) => [
    ...(isAll === true ? ['pg_catalog'] : []),
    'public'
  ]),
  pg_backend_pid: fact('int4', (_, { facts }) => facts.processId),
  pg_is_in_recovery: fact('bool', () => false),
  pg_is_wal_replay_paused: fact('bool', () => false),
  pg_advisory_unlock_all: fact('text', () => ''),
  pg_my_temp_schema: fact('oid', () => 0),
  pg_is_other_temp_schema: fact('bool', () => false),
  ...named('now current_timestamp clock_timestamp statement_timestamp transaction_timestamp', now),
  ...named(
    'txid_current inet_server_addr inet_server_port inet_client_addr inet_client_port',
    none
  ),
  ...named('pg_postmaster_start_time pg_conf_load_time pg_last_xact_replay_timestamp', none),
  ...named(
    'pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_current_wal_lsn pg_export_snapshot',
    none
  ),
  current_setting: {
    type: 'text',
    takesNull: true,
    call([name, isMissingNull], { facts }) {
      const value = name === null ? null : facts.setting(String(name))
      if (value !== null || name === null || isMissingNull === true) return value
      throw new SqlStateError('42704', `unrecognized configuration parameter "${String(name)}"`)
    }
  },
  set_config: fact('text', ([name, value], { facts }) => {
    facts.set(String(name), String(value))
    return facts.setting(String(name))
  })
}
