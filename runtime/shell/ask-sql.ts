import { text } from 'node:stream/consumers'
import type { SqlOptions } from '../pipeline/command-line.ts'
import { findToken } from '../pipeline/find-token.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { renderExpanded, renderTable } from './render-table.ts'
import { type Ask, runShell } from './run-shell.ts'
import { type Answer, sendStatement } from './sql-client.ts'
import type { Display } from './shell.ts'
import { splitStatements } from './statement-text.ts'

/** The `sql` command: one statement, those of standard input, or a shell. 0 done, 1 refused, 3 nobody answers. */
export async function askSql(
  options: SqlOptions,
  environment: Readonly<Record<string, string | undefined>>
): Promise<number> {
  let token: string | null
  try {
    token = findToken(options, environment)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 3
  }
  if (options.statement !== null) return askOne(options.statement, options, token)
  if (process.stdin.isTTY) return openShell(options, token, environment)
  const { statements, rest } = splitStatements(await text(process.stdin))
  for (const statement of rest === '' ? statements : [...statements, rest]) {
    const code = await askOne(statement, options, token)
    if (code !== 0) return code
  }
  return 0
}

async function openShell(
  options: SqlOptions,
  token: string | null,
  environment: Readonly<Record<string, string | undefined>>
): Promise<number> {
  const first = await sendStatement('SHOW TABLES', options.port, token)
  if (first.kind === 'unreachable') {
    process.stderr.write(first.text)
    return 3
  }
  const ask: Ask = (statement, display, signal) =>
    askOne(statement, options, token, display, signal)
  return runShell(ask, options.port, token, environment)
}

async function askOne(
  statement: string,
  { port, format }: SqlOptions,
  token: string | null,
  display: Display = 'box',
  signal?: AbortSignal
): Promise<number> {
  const reply = await sendStatement(statement, port, token, signal)
  switch (reply.kind) {
    case 'unreachable':
      process.stderr.write(reply.text)
      return 3
    case 'refused':
      if (format === 'json') process.stdout.write(reply.body)
      else process.stderr.write(reply.text)
      return 1
    case 'done':
      process.stdout.write(format === 'json' ? reply.body : `${reply.message}\n`)
      return 0
    case 'rows':
      process.stdout.write(format === 'json' ? reply.body : renderRows(reply.answer, display))
      return 0
  }
}

function renderRows(answer: Answer, display: Display): string {
  if (display === 'box') return renderTable(answer)
  const widest = display === 'lines' ? 0 : (process.stdout.columns ?? Infinity)
  return renderTable(answer, widest) ?? renderExpanded(answer)
}
