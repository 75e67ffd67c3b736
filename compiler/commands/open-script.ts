import { dirname, resolve } from 'node:path'
import { readFile } from 'node:fs/promises'
import type { Compiled } from '../compile.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import {
  renderDiagnostics,
  type DiagnosticFormat,
  diagnosticFormats
} from '../diagnostics/render/index.ts'
import { decodeScript } from '../parse/index.ts'
import { openSchemas, type SchemaBook, type SchemaChoice } from '../registry/index.ts'
import type { Session } from '../session.ts'
import { explainReadError } from '../source/index.ts'
import { version } from '../version.ts'
import type { Option } from './command.ts'

export const diagnosticsOption: Option = {
  name: 'diagnostics',
  value: '<format>',
  choices: diagnosticFormats,
  help: 'how errors and warnings are printed: text (default), json, github or sarif'
}

/** Reads a script; null when the file can't be read, which is said on stderr. `files`: see Session. */
export async function openScript(
  path: string,
  optimize = true,
  files: Set<string> = new Set()
): Promise<Session | null> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    process.stderr.write(`miraclec: cannot read ${path}: ${explainReadError(error)}\n`)
    return null
  }
  const diagnostics: Diagnostic[] = []
  const file = decodeScript(path, bytes, diagnostics)
  return { file, options: { optimize, directory: dirname(resolve(path)) }, diagnostics, files }
}

/** As `openScript`, with the schemas that it needs. */
export async function openWithSchemas(path: string, optimize = true): Promise<Session | null> {
  const session = await openScript(path, optimize)
  return session === null ? null : (await withSchemas(session)).session
}

export const schemasOption: Option = {
  name: 'schemas',
  value: '<which>',
  choices: ['locked', 'latest'],
  help: "of INFER FROM REGISTRY: only those of the file beside the script, or the registry's latest (default: the file, else the registry)"
}

/** The session with the schemas that the script infers columns from, and what keeps them. */
export async function withSchemas(
  session: Session,
  choice: SchemaChoice = 'kept'
): Promise<{ readonly session: Session; readonly book: SchemaBook }> {
  const book = await openSchemas(session, choice)
  const options = { ...session.options, schemas: book.find }
  return { session: { ...session, options }, book }
}

/** Prints what the session collected: for people and CI annotations on stderr, for programs on stdout. */
export function printDiagnostics(
  { diagnostics }: Pick<Session, 'diagnostics'>,
  format: DiagnosticFormat
): void {
  const forPrograms = format === 'json' || format === 'sarif'
  const stream = forPrograms ? process.stdout : process.stderr
  stream.write(renderDiagnostics(diagnostics, format, version))
}

/** A script that feeds no sink compiles, but there is nothing to run; false: that was said on stderr. */
export function hasSomethingToRun({ graph }: Compiled): boolean {
  if (graph.sinks.length > 0) return true
  process.stderr.write('miraclec: there is nothing to run: the script feeds no sink\n')
  return false
}
