import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe } from 'node:test'

/**
 * Tests with the real psql. Where there is none they are skipped with a line that says what to install; when CI is set they fail, so
 * that a run that tested nothing can't look like one that did.
 */
export function describeWithPsql(name: string, define: () => void): void {
  if (spawnSync('psql', ['--version']).error === undefined) return void describe(name, define)
  const missing = 'there is no psql: install it (Debian: apt-get install postgresql-client)'
  if (process.env['CI'] !== undefined) throw new Error(missing)
  console.warn(`\n!!! SKIPPED, no psql: ${missing}\n`)
  describe(name, { skip: missing }, () => {})
}

export interface PsqlResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs psql with its words, and with nothing of the machine's own settings. */
export async function runPsql(
  port: number,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = ''
): Promise<PsqlResult> {
  const { PATH = '' } = process.env
  const env = {
    PATH,
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: 'reader',
    LC_ALL: 'C.UTF-8'
  }
  const child = spawn('psql', ['-X', '--no-password', ...words], {
    env: { ...env, PGCONNECT_TIMEOUT: '10', PGDATABASE: 'pipeline', ...environment }
  })
  child.stdin.end(input)
  const closed = new Promise<number | null>(resolve => child.on('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await closed, stdout, stderr }
}
