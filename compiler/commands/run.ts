import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileScript } from '../compile.ts'
import { type Command, exitCode } from './command.ts'
import { linkPipeline, reportBundleError } from './compile.ts'
import { hasSomethingToRun, openWithSchemas, printDiagnostics } from './open-script.ts'
import { runChild } from './run-child.ts'

export const runCommand: Command = {
  name: 'run',
  usage: '<script.sql> ...',
  summary:
    'compile and run; what follows the script goes to the pipeline: --port, --log-format ...',
  options: [{ name: 'brokers', value: '<list>', help: "instead of the script's brokers" }],
  positional: { min: 1, max: 1 },
  takesRest: true,
  async run({ positional, options, rest }) {
    const session = await openWithSchemas(positional[0]!)
    if (session === null) return exitCode.usage
    const compiled = compileScript({ ...session, options: { ...session.options, looks: true } })
    printDiagnostics(session, 'text')
    if (compiled === null || !hasSomethingToRun(compiled)) return exitCode.script
    const directory = await mkdtemp(join(tmpdir(), 'miraclec-run-'))
    try {
      const { main } = await linkPipeline(compiled, directory)
      return await runChild(process.execPath, [main, ...pipelineWords(options['brokers'], rest)])
    } catch (error) {
      return reportBundleError(error)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}

/** The pipeline's command line. At a terminal its log is for people, unless it was told what to be. */
function pipelineWords(brokers: string | true | undefined, rest: readonly string[]): string[] {
  const isCommand = rest[0] !== undefined && !rest[0].startsWith('-')
  if (isCommand) return [...rest]
  const forPeople = process.stderr.isTTY && !rest.some(word => word.startsWith('--log-format'))
  return [
    ...(typeof brokers === 'string' ? ['--brokers', brokers] : []),
    ...(forPeople ? ['--log-format', 'text'] : []),
    ...rest
  ]
}
