import { text } from 'node:stream/consumers'
import type { SqlOptions } from '../pipeline/command-line.ts'
import { findToken } from '../pipeline/find-token.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { renderExpanded, renderTable } from './render-table.ts'
import { runShell } from './run-shell.ts'
import { sendStatement } from './sql-client.ts'
import { splitStatements } from './split-statements.ts'

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
  const ask = (statement: string, expanded = false): Promise<number> =>
    askOne(statement, options, token, expanded)
  if (options.statement !== null) return ask(options.statement)
  if (process.stdin.isTTY) return runShell(ask, options.port, token, environment)
  const { statements, rest } = splitStatements(await text(process.stdin))
  for (const statement of rest.trim() === '' ? statements : [...statements, rest]) {
    const code = await ask(statement)
    if (code !== 0) return code
  }
  return 0
}

async function askOne(
  statement: string,
  { port, format }: SqlOptions,
  token: string | null,
  expanded: boolean
): Promise<number> {
  const reply = await sendStatement(statement, port, token)
  if (reply.kind === 'unreachable') {
    process.stderr.write(reply.text)
    return 3
  }
  if (format === 'json') {
    process.stdout.write(reply.body)
    return reply.kind === 'refused' ? 1 : 0
  }
  switch (reply.kind) {
    case 'refused':
      process.stderr.write(reply.text)
      return 1
    case 'done':
      process.stdout.write(`${reply.message}\n`)
      return 0
    case 'rows':
      process.stdout.write((expanded ? renderExpanded : renderTable)(reply.answer))
      return 0
  }
}
