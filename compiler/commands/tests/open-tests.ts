import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { testScriptMissing } from '../../diagnostics/bind-tests.ts'
import { decodeScript } from '../../parse/index.ts'
import type { Session } from '../../session.ts'
import { explainReadError, makeSourceFile, makeSpan } from '../../source/index.ts'
import type { TestedScript } from './find-tests.ts'

/** The session of a script and of the tests beside it; a test file without its script gets a diagnostic. `files`: see Session. */
export function openTests(
  { script, testFile: beside }: TestedScript,
  files: Set<string> = new Set()
): Session {
  const diagnostics: Diagnostic[] = []
  const read = (path: string) => decodeScript(path, readFileSync(path), diagnostics)
  const options = { optimize: true, directory: dirname(resolve(script)) }
  if (beside === null) return { file: read(script), options, diagnostics, files }
  const testFile = read(beside)
  try {
    return { file: read(script), testFile, options, diagnostics, files }
  } catch (error) {
    const start = makeSpan(testFile, 0, 0)
    diagnostics.push(testScriptMissing(script, explainReadError(error), start))
    return { file: makeSourceFile(script, ''), testFile, options, diagnostics, files }
  }
}
