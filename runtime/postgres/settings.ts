import { SqlStateError } from './sql-state-error.ts'

interface Setting {
  /** As the client is told it. */
  readonly name: string
  readonly value: string
  /** Whether clients are told its value without asking. */
  readonly told: boolean
  /** `anything`: it is kept, and changes nothing here; else what it may be set to. */
  readonly may: 'anything' | RegExp
  /** What another value is met with: an error, or a warning that says what holds instead. */
  readonly otherwise: 'error' | 'warning'
}

function fixed(name: string, value: string, may: RegExp, told = true): Setting {
  return { name, value, told, may, otherwise: 'error' }
}

function ignored(name: string, value: string, told = false): Setting {
  return { name, value, told, may: 'anything', otherwise: 'error' }
}

/** What drivers and tools set and ask for. */
const settings: readonly Setting[] = [
  fixed('server_version', '15.0', /^$/),
  fixed('server_version_num', '150000', /^$/, false),
  fixed('server_encoding', 'UTF8', /^$/),
  // SQL_ASCII is "as it is" for PostgreSQL: what psql wants in the C locale. Of a name it reads letters and digits: asyncpg sends quotes too.
  fixed('client_encoding', 'UTF8', /^[\W_]*(utf[\W_]*8|unicode|sql[\W_]*ascii)[\W_]*$/i),
  fixed('integer_datetimes', 'on', /^$/),
  fixed('standard_conforming_strings', 'on', /^(on|true|1)$/i),
  fixed('bytea_output', 'hex', /^hex$/i, false),
  fixed('max_identifier_length', '63', /^$/, false),
  fixed('max_index_keys', '32', /^$/, false),
  fixed('lc_collate', 'C', /^$/, false),
  fixed('lc_ctype', 'C', /^$/, false),
  { ...fixed('DateStyle', 'ISO, MDY', /^iso\b/i), otherwise: 'warning' },
  { ...fixed('IntervalStyle', 'postgres', /^postgres$/i), otherwise: 'warning' },
  { ...fixed('TimeZone', 'UTC', /^(etc\/)?(utc|gmt|uct|zulu|default|0)$/i), otherwise: 'warning' },
  ignored('application_name', '', true),
  ignored('is_superuser', 'off', true),
  ignored('session_authorization', '', true),
  ignored('in_hot_standby', 'off', true),
  ignored('default_transaction_read_only', 'off', true),
  ignored('search_path', 'public'),
  ignored('transaction_isolation', 'read committed'),
  ignored('default_transaction_isolation', 'read committed'),
  ignored('transaction_read_only', 'off'),
  ...[
    ...['extra_float_digits', 'statement_timeout', 'lock_timeout', 'row_security', 'jit'],
    ...['idle_in_transaction_session_timeout', 'idle_session_timeout', 'client_min_messages'],
    ...['default_transaction_deferrable', 'transaction_deferrable', 'synchronous_commit', 'geqo'],
    ...['client_connection_check_interval', 'tcp_keepalives_idle', 'tcp_keepalives_interval']
  ].map(name => ignored(name, '0'))
]

const byName = new Map(settings.map(setting => [setting.name.toLowerCase(), setting]))

/** The settings of one connection. Nothing that they change is seen by others, or by the pipeline. */
export class Settings {
  readonly #values = new Map<string, string>()

  constructor(user: string) {
    this.#values.set('session_authorization', user)
  }

  get(name: string): string | null {
    const key = keyOf(name)
    const setting = byName.get(key)
    return setting === undefined ? null : (this.#values.get(key) ?? setting.value)
  }

  /** Sets it; a text is a warning that says what holds instead. */
  set(name: string, value: string): string | null {
    const key = keyOf(name)
    const setting = byName.get(key)
    if (setting === undefined) {
      throw new SqlStateError('42704', `unrecognized configuration parameter "${name}"`)
    }
    if (setting.may === 'anything') {
      this.#values.set(key, value)
      return null
    }
    if (setting.may.test(value) || value.toLowerCase() === setting.value.toLowerCase()) return null
    const holds = `${setting.name} is ${setting.value} here`
    if (setting.otherwise === 'warning') return `${holds}, whatever is set`
    throw new SqlStateError('22023', holds)
  }

  reset(name: string | null): void {
    const user = this.get('session_authorization')!
    if (name === null) this.#values.clear()
    else this.#values.delete(keyOf(name))
    this.#values.set('session_authorization', user)
  }

  /** What a client is told at its start. */
  told(): (readonly [name: string, value: string])[] {
    return settings.filter(({ told }) => told).map(({ name }) => [name, this.get(name)!])
  }

  all(): (readonly [name: string, value: string])[] {
    return settings.map(({ name }) => [name, this.get(name)!])
  }

  isTold(name: string): boolean {
    return byName.get(keyOf(name))?.told === true
  }
}

function keyOf(name: string): string {
  return name.toLowerCase()
}
