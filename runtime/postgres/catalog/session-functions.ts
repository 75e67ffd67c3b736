/** What drivers ask of a connection when it begins. */
export interface SessionFacts {
  readonly user: string
  readonly database: string
  readonly processId: number
}

const functions: Readonly<Record<string, (facts: SessionFacts) => string | null>> = {
  'version()': () => 'PostgreSQL 15.0, as a miraclec pipeline answers',
  'current_schema()': () => 'public',
  current_schema: () => 'public',
  'current_schemas(true)': () => '{pg_catalog,public,system}',
  'current_schemas(false)': () => '{public,system}',
  'current_database()': ({ database }) => database,
  current_catalog: ({ database }) => database,
  current_user: ({ user }) => user,
  current_role: ({ user }) => user,
  session_user: ({ user }) => user,
  user: ({ user }) => user,
  'pg_backend_pid()': ({ processId }) => String(processId),
  'pg_is_in_recovery()': () => 'f',
  'pg_postmaster_start_time()': () => null,
  'txid_current()': () => null,
  'pg_advisory_unlock_all()': () => '',
  'inet_server_port()': () => null
}

const ITEM =
  /^(?:pg_catalog\s*\.\s*)?([a-z_]+(?:\s*\(\s*(?:true|false)?\s*\))?)(?:\s+as\s+("[^"]+"|\w+))?$/i
/** No such question is longer. */
const LONGEST = 500

/** The columns and values of a SELECT of nothing but such functions; null: it is another one. */
export function askSession(
  text: string,
  facts: SessionFacts
): { readonly names: readonly string[]; readonly values: readonly (string | null)[] } | null {
  const match = text.length > LONGEST ? null : /^select\s+(.*)$/is.exec(text.trimEnd())
  if (match === null) return null
  const items = match[1]!.split(',').map(item => ITEM.exec(item.trim()))
  const names: string[] = []
  const values: (string | null)[] = []
  for (const item of items) {
    const call = item?.[1]?.replaceAll(/\s/g, '').toLowerCase()
    if (call === undefined || !Object.hasOwn(functions, call)) return null
    names.push(item![2]?.replaceAll('"', '') ?? call.replace(/\(.*/, ''))
    values.push(functions[call]!(facts))
  }
  return { names, values }
}
