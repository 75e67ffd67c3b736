import { checkScript } from '../compile.ts'
import { type DiagnosticFormat, diagnosticFormats } from '../diagnostics/render/index.ts'
import { hasErrors, type Session } from '../session.ts'
import { type Arguments, type Command, exitCode } from './command.ts'
import { openScript, printDiagnostics, withSchemas } from './open-script.ts'
import { findTests } from './tests/find-tests.ts'
import { openTests } from './tests/open-tests.ts'
import { watchSql } from './watch-sql.ts'

export const checkCommand: Command = {
  name: 'check',
  usage: '<script.sql...>',
  summary: 'check scripts, and the tests beside them, without writing anything',
  options: [
    {
      name: 'format',
      value: '<format>',
      choices: diagnosticFormats,
      help: 'text (default), json, github or sarif'
    },
    {
      name: 'watch',
      value: null,
      help: 'check again whenever an SQL file changes, or a file that one needs'
    }
  ],
  positional: { min: 1, max: Infinity },
  async run(args) {
    if (args.options['watch'] !== true) return checkScripts(args)
    return watchSql(args.positional, async files => {
      if (process.stderr.isTTY) process.stderr.write(CLEAR)
      const code = await checkScripts(args, files)
      process.stderr.write(`checked at ${new Date().toLocaleTimeString()}, waiting for changes\n`)
      return code
    })
  }
}

/** Clears the terminal and what was scrolled out of it: only the last check counts. */
const CLEAR = '\x1b[2J\x1b[3J\x1b[H'

async function checkScripts(
  { positional, options }: Arguments,
  files: Set<string> = new Set()
): Promise<number> {
  const opened = await Promise.all(positional.map(path => openScriptAndTests(path, files)))
  // A script is checked once, though its tests are named beside it.
  const sessions = new Map(opened.flatMap(one => (one === null ? [] : [[one.file.path, one]])))
  const all = [...sessions.values()]
  for (const session of all) checkScript(session)
  const format = (options['format'] ?? 'text') as DiagnosticFormat
  printDiagnostics({ diagnostics: all.flatMap(({ diagnostics }) => diagnostics) }, format)
  const right = all.filter(session => !hasErrors(session))
  if (format === 'text') {
    for (const { file } of right) process.stderr.write(`${file.path}: no errors\n`)
  }
  if (opened.includes(null)) return exitCode.usage
  return right.length === all.length ? exitCode.done : exitCode.script
}

/** The session of a script, or of the script that a test file stands beside. */
async function openScriptAndTests(path: string, files: Set<string>): Promise<Session | null> {
  const tested = findTests([path])
  const found = typeof tested === 'string' ? undefined : tested[0]
  const isNamed = found?.script === path || found?.testFile === path
  const session =
    isNamed && found.testFile !== null
      ? openTests(found, files)
      : await openScript(path, true, files)
  return session === null ? null : (await withSchemas(session)).session
}
