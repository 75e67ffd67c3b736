import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testScriptMissing } from '../diagnostics/bind-tests.ts'
import { findKept, readKept } from '../registry/index.ts'
import type { Session } from '../session.ts'
import { explainReadError, makeSourceFile, makeSpan, type SourceFile } from '../source/index.ts'

/** The text of an open document by its path; null: the file is to be read. */
export type OpenText = (path: string) => string | null

export interface OpenedDocument {
  /** What is asked about: a script, or the tests beside one. */
  readonly file: SourceFile
  readonly session: Session
}

const TEST_FILE = /\.test\.sql$/i

/** A session for a document as it is in the editor. Tests are read together with their script. */
export function openSession(uri: string, text: string, openText: OpenText): OpenedDocument {
  const path = pathOf(uri)
  const file = makeSourceFile(path, text)
  const options = {
    optimize: true,
    directory: dirname(resolve(path)),
    schemas: keptSchemas(scriptBeside(path))
  }
  if (!TEST_FILE.test(path)) return { file, session: { file, options, diagnostics: [] } }
  const script = scriptBeside(path)
  try {
    const scriptFile = makeSourceFile(script, openText(script) ?? readFileSync(script, 'utf8'))
    return { file, session: { file: scriptFile, testFile: file, options, diagnostics: [] } }
  } catch (error) {
    const missing = testScriptMissing(script, explainReadError(error), makeSpan(file, 0, 0))
    const empty = makeSourceFile(script, '')
    const session = { file: empty, testFile: file, options, diagnostics: [missing] }
    return { file, session }
  }
}

/** An editor asks no registry while somebody types: it knows what was compiled. */
function keptSchemas(script: string): NonNullable<Session['options']['schemas']> {
  const kept = readKept(script)
  return request => findKept(kept, request) ?? 'it was not compiled yet'
}

/** The script that a file of tests belongs to; a script itself. */
export function scriptBeside(path: string): string {
  return path.replace(TEST_FILE, '.sql')
}

/** A document that was never saved has no path: its name will do. */
export function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri
}
