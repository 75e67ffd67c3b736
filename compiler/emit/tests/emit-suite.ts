import { resolve } from 'node:path'
import type { SuitePlan, TestPlan } from '../../../runtime/test/plan.ts'
import {
  type Code,
  js,
  makeWriter,
  renderLines,
  renderSourceMap,
  type Writer
} from '../../code/index.ts'
import type { BoundScript, BoundTest } from '../../ir/index.ts'
import type { SourceFile } from '../../source/index.ts'
import { placeOf } from '../module.ts'
import { defineTest } from './define-test.ts'

/** The tests of one SQL file, as a module of node:test's. */
export interface SuiteInput {
  readonly file: SourceFile
  /** All of the file's tests: rows are named by their place among them. */
  readonly tests: readonly BoundTest[]
  readonly script: BoundScript
  readonly isWanted: (name: string) => boolean
  /** What the modules of the pipeline and of the tests' values are imported as. */
  readonly pipeline: string
  readonly values: string
}

/**
 * A test per TEST, in a suite with the file's name. Source map: reporters then name the place in the SQL. The steps stand
 * there as JSON: nobody reads them.
 */
export function emitSuite({ file, tests, script, isWanted, pipeline, values }: SuiteInput): string {
  const plan: SuitePlan = {
    file: file.path,
    models: Object.fromEntries(script.models.map(({ name, path }) => [name, path]))
  }
  const imports = [
    js`import { openSuite, printable } from ${'#runtime/test'}`,
    js`import { pipeline } from ${pipeline}`,
    js`import { pipeline as values } from ${values}`,
    js`const run = openSuite(${json(plan)}, pipeline, values)`
  ]
  return emitModule(file, imports, out => {
    for (const [index, bound] of tests.entries()) {
      const { name, span } = bound
      if (!isWanted(name)) continue
      const steps = json(defineTest(bound, index, script))
      out.line(js`test(printable(${name}), () => run(${steps}))`, placeOf(span))
    }
  })
}

/** A suite whose only test says why there is nothing to run. */
export function emitFailingSuite(file: SourceFile, problem: string): string {
  const imports = [js`import { failSuite, printable } from ${'#runtime/test'}`]
  return emitModule(file, imports, out => {
    out.line(js`test('compiles', () => failSuite(${problem}))`, start)
  })
}

const start = { line: 1, column: 1 }

function emitModule(
  { path, text }: SourceFile,
  imports: readonly Code[],
  writeTests: (out: Writer) => void
): string {
  const out = makeWriter()
  out.line(js`import { suite, test } from 'node:test'`)
  for (const line of imports) out.line(line)
  out.line(js`suite(printable(${path}), () => {`, start)
  writeTests(out)
  out.line(js`})`)
  const map = renderSourceMap(out.lines, { path: resolve(path), text })
  const encoded = Buffer.from(map).toString('base64')
  const comment = `//# sourceMappingURL=data:application/json;base64,${encoded}`
  return `${renderLines(out.lines)}\n${comment}\n`
}

function json(value: SuitePlan | TestPlan): Code {
  return js`JSON.parse(${JSON.stringify(value)})`
}
