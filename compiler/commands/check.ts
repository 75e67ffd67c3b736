import { compileScript } from '../compile.ts'
import { type DiagnosticFormat, diagnosticFormats } from '../diagnostics/render/index.ts'
import { type Command, exitCode } from './command.ts'
import { openScript, printDiagnostics } from './open-script.ts'
import { hasErrors } from '../session.ts'

export const checkCommand: Command = {
  name: 'check',
  usage: '<script.sql>',
  summary: 'check a script without writing anything',
  options: [
    {
      name: 'format',
      value: '<format>',
      choices: diagnosticFormats,
      help: 'text (default), json, github or sarif'
    }
  ],
  positional: { min: 1, max: 1 },
  async run({ positional, options }) {
    const session = await openScript(positional[0]!)
    if (session === null) return exitCode.usage
    // All of it but the files: a plan may turn out too large only when it is lowered.
    compileScript(session)
    const format = (options['format'] ?? 'text') as DiagnosticFormat
    printDiagnostics(session, format)
    if (hasErrors(session)) return exitCode.script
    if (format === 'text') process.stderr.write(`${positional[0]!}: no errors\n`)
    return exitCode.done
  }
}
