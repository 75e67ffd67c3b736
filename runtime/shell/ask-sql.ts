import { text } from 'node:stream/consumers'
import type { SqlOptions } from '../pipeline/command-line.ts'
import type { LocalPipeline } from '../access/local-request.ts'
import { printableLines } from '../observe/printable.ts'
import { reach } from '../pipeline/reach.ts'
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
  return reach(options, environment, pipeline => ask(options, pipeline, environment))
}

async function ask(
  options: SqlOptions,
  pipeline: LocalPipeline,
  environment: Readonly<Record<string, string | undefined>>
): Promise<number> {
  if (options.statement !== null) return askOne(options.statement, options, pipeline)
  if (process.stdin.isTTY) return openShell(options, pipeline, environment)
  const { statements, rest } = splitStatements(await text(process.stdin))
  for (const statement of rest === '' ? statements : [...statements, rest]) {
    const code = await askOne(statement, options, pipeline)
    if (code !== 0) return code
  }
  return 0
}

async function openShell(
  options: SqlOptions,
  pipeline: LocalPipeline,
  environment: Readonly<Record<string, string | undefined>>
): Promise<number> {
  const first = await sendStatement('SHOW TABLES', pipeline)
  if (first.kind === 'unreachable') {
    process.stderr.write(first.text)
    return 3
  }
  const ask: Ask = (statement, display, signal) =>
    askOne(statement, options, pipeline, display, signal)
  return runShell(ask, pipeline, environment)
}

async function askOne(
  statement: string,
  { format }: SqlOptions,
  pipeline: LocalPipeline,
  display: Display = 'box',
  signal?: AbortSignal
): Promise<number> {
  const reply = await sendStatement(statement, pipeline, signal)
  switch (reply.kind) {
    case 'unreachable':
      process.stderr.write(reply.text)
      return 3
    case 'refused':
      if (format === 'json') process.stdout.write(printableLines(reply.body))
      else process.stderr.write(printableLines(reply.text))
      return 1
    case 'done':
      process.stdout.write(printableLines(format === 'json' ? reply.body : `${reply.message}\n`))
      return 0
    case 'rows':
      process.stdout.write(
        format === 'json' ? printableLines(reply.body) : renderRows(reply.answer, display)
      )
      return 0
  }
}

function renderRows(answer: Answer, display: Display): string {
  if (display === 'box') return renderTable(answer)
  const widest = display === 'lines' ? 0 : (process.stdout.columns ?? Infinity)
  return renderTable(answer, widest) ?? renderExpanded(answer)
}
