import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileTests } from '../../compiler/compile.ts'
import { renderDiagnostics } from '../../compiler/diagnostics/render/index.ts'
import { defineTest } from '../../compiler/emit/tests/define-test.ts'
import { version } from '../../compiler/version.ts'
import type { PipelineDefinition } from '../../runtime/contract/index.ts'
import { openSuite } from '../../runtime/test/index.ts'
import { TestFailure } from '../../runtime/test/test-failure.ts'
import { openScriptFolder } from './compile-fixture.ts'
import type { FixtureModel } from './fixtures.ts'

/** Inside of the repository, where generated code finds `#runtime`. */
const ACTUAL = join(import.meta.dirname, '../suites/_actual')

/** Runs a script's TEST statements in this process; by name, what `miraclec test` says of each: null where it passes. */
export async function runSqlTests(
  script: string,
  models: Readonly<Record<string, FixtureModel>> = {}
): Promise<Readonly<Record<string, string | null>>> {
  using folder = openScriptFolder(new TextEncoder().encode(script), models)
  const session = folder.session(true)
  const compiled = compileTests(session)
  assert.ok(compiled !== null, renderDiagnostics(session.diagnostics, 'text', version))
  mkdirSync(ACTUAL, { recursive: true })
  const directory = mkdtempSync(join(ACTUAL, 'sql-test-'))
  const load = async (name: string, typescript: string): Promise<PipelineDefinition> => {
    const path = join(directory, `${name}.ts`)
    writeFileSync(path, typescript)
    return ((await import(path)) as { readonly pipeline: PipelineDefinition }).pipeline
  }
  try {
    const pipeline = await load('pipeline', compiled.pipeline.typescript)
    const [file] = compiled.files
    assert.ok(file !== undefined, 'the script has no tests')
    const values = await load('values', file.values.typescript)
    const paths = compiled.script.models.map(({ name, path }) => [name, path])
    const plan = { file: file.file.path, models: Object.fromEntries(paths) }
    const run = openSuite(plan, pipeline, values)
    const said: Record<string, string | null> = {}
    for (const [i, test] of file.tests.entries()) {
      said[test.name] = await messageOf(run(defineTest(test, i, compiled.script)))
    }
    return said
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function messageOf(running: Promise<void>): Promise<string | null> {
  try {
    await running
    return null
  } catch (error) {
    if (error instanceof TestFailure) return error.message
    throw error
  }
}
