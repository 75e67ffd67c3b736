import { dirname } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatScript } from '../format/index.ts'
import { decodeScript } from '../parse/index.ts'
import { hasErrors, type Session } from '../session.ts'
import { type Arguments, type Command, exitCode } from './command.ts'
import { openScript, printDiagnostics } from './open-script.ts'

export const fmtCommand: Command = {
  name: 'fmt',
  usage: '<script.sql...>',
  summary: 'format scripts in place; - formats stdin to stdout',
  options: [
    {
      name: 'check',
      value: null,
      help: 'write nothing; name the files that differ and exit with 1'
    },
    { name: 'stdout', value: null, help: 'print the result, leave the file' }
  ],
  positional: { min: 1, max: Infinity },
  async run({ positional, options }) {
    let code: number = exitCode.done
    for (const path of positional) {
      // What went wrong with one file does not keep the others from being formatted.
      code = Math.max(code, await formatFile(path, options))
    }
    return code
  }
}

async function formatFile(path: string, options: Arguments['options']): Promise<number> {
  const session = path === '-' ? await readStdin() : await openScript(path)
  if (session === null) return exitCode.usage
  const formatted = hasErrors(session) ? null : formatScript(session.file)
  if (formatted === null || formatted.kind === 'Wrong') {
    session.diagnostics.push(...(formatted?.diagnostics ?? []))
    printDiagnostics(session, 'text')
    return exitCode.script
  }
  const { text } = formatted
  if (options['check'] === true) {
    if (text === session.file.text) return exitCode.done
    process.stdout.write(`${session.file.path}\n`)
    return exitCode.script
  }
  if (path === '-' || options['stdout'] === true) {
    process.stdout.write(text)
    return exitCode.done
  }
  return text === session.file.text ? exitCode.done : writeScript(path, text)
}

async function readStdin(): Promise<Session> {
  const path = '<stdin>'
  const diagnostics: Diagnostic[] = []
  const file = decodeScript(path, await buffer(process.stdin), diagnostics)
  return { file, options: { optimize: true, directory: dirname(path) }, diagnostics }
}

async function writeScript(path: string, text: string): Promise<number> {
  try {
    await writeFile(path, text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`miraclec: cannot write ${path}: ${reason}\n`)
    return exitCode.environment
  }
  process.stderr.write(`${path}: formatted\n`)
  return exitCode.done
}
