import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileScript } from '../compile.ts'
import { type Command, exitCode } from './command.ts'
import { reportBundleError, writePipeline } from './compile.ts'
import { openScript, printDiagnostics } from './open-script.ts'

export const runCommand: Command = {
  name: 'run',
  usage: '<script.sql> [-- pipeline options]',
  summary: 'compile to a temporary place and run',
  options: [{ name: 'brokers', value: '<list>', help: "instead of the script's brokers" }],
  positional: { min: 1, max: Infinity },
  async run({ positional, options }) {
    const [script, ...rest] = positional
    const session = await openScript(script!)
    if (session === null) return exitCode.usage
    const compiled = compileScript(session)
    printDiagnostics(session, 'text')
    if (compiled === null) return exitCode.script
    const directory = await mkdtemp(join(tmpdir(), 'miraclec-run-'))
    try {
      const { main } = await writePipeline(compiled, directory, 'linked')
      const brokers = options['brokers']
      const words = typeof brokers === 'string' ? ['--brokers', brokers, ...rest] : rest
      return await runChild(process.execPath, [main, ...words])
    } catch (error) {
      return reportBundleError(error)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}

/** Runs a program in our place: its output is ours, our signals are its, its exit code too. */
export function runChild(
  program: string,
  words: readonly string[],
  feed?: (input: NodeJS.WritableStream) => Promise<void>
): Promise<number> {
  const child = spawn(program, words, {
    stdio: [feed === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit']
  })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  if (feed !== undefined && child.stdin !== null) {
    // The child may end before its input does.
    child.stdin.on('error', () => {})
    void feed(child.stdin)
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass)
      resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : exitCode.internal))
    })
  })
}
