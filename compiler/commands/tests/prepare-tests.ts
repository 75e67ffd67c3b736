import { compileTests } from '../../compile.ts'
import { renderDiagnostics } from '../../diagnostics/render/index.ts'
import { emitFailingSuite, emitSuite } from '../../emit/index.ts'
import { hasErrors, type Session } from '../../session.ts'
import { version } from '../../version.ts'
import type { TestedScript } from './find-tests.ts'
import { withSchemas } from '../open-script.ts'
import { openTests } from './open-tests.ts'

/** Generated modules by name, and those of them that hold tests. */
export interface PreparedTests {
  readonly modules: Map<string, string>
  readonly entries: string[]
}

/** Compiles scripts and their tests; one that has errors becomes a test that fails with them. `files`: see Session. */
export async function prepareTests(
  scripts: readonly TestedScript[],
  isWanted: (name: string) => boolean,
  files: Set<string>
): Promise<PreparedTests> {
  const prepared: PreparedTests = { modules: new Map(), entries: [] }
  for (const [i, script] of scripts.entries()) {
    await prepareScript(openTests(script, files), `script ${i + 1}`, isWanted, prepared)
  }
  return prepared
}

async function prepareScript(
  opened: Session,
  title: string,
  isWanted: (name: string) => boolean,
  { modules, entries }: PreparedTests
): Promise<void> {
  const { session } = await withSchemas(opened)
  const compiled = hasErrors(session) ? null : compileTests(session)
  if (compiled === null) {
    const problem = renderDiagnostics(session.diagnostics, 'text', version).trimEnd()
    modules.set(title, emitFailingSuite(session.testFile ?? session.file, problem))
    entries.push(title)
    return
  }
  const pipeline = `${title} pipeline`
  modules.set(pipeline, compiled.pipeline.typescript)
  compiled.files.forEach(({ file, tests, values: { typescript } }, i) => {
    if (!tests.some(({ name }) => isWanted(name))) return
    const entry = `${title} tests ${i + 1}`
    const values = `${title} values ${i + 1}`
    const { script } = compiled
    modules.set(values, typescript)
    modules.set(entry, emitSuite({ file, tests, script, isWanted, pipeline, values }))
    entries.push(entry)
  })
}
