import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openTests } from '../../compiler/commands/tests/open-tests.ts'
import { compileScript, compileTests } from '../../compiler/compile.ts'
import { renderDiagnostics } from '../../compiler/diagnostics/render/index.ts'
import { hasErrors, type Session } from '../../compiler/session.ts'
import { version } from '../../compiler/version.ts'
import { openScriptFolder } from './compile-fixture.ts'
import { type FixtureModel, readExpected } from './fixtures.ts'
import { encodeModel, type OnnxGraph } from './onnx.ts'

/** A script that must be refused, or warned of. */
export interface ErrorFixture {
  /** `<code>` or `<code>--<variant>`. */
  readonly name: string
  readonly code: string
  readonly directory: string
  /** Null: only its tests are there. */
  readonly script: Uint8Array | null
  /** The TEST statements beside the script. */
  readonly tests: Uint8Array | null
  readonly options: ErrorFixtureOptions
}

interface ErrorFixtureOptions {
  readonly models?: Readonly<Record<string, FixtureModel>>
  /** Models whose inputs and outputs are what matters: nothing runs them. */
  readonly shapes?: Readonly<Record<string, Pick<OnnxGraph, 'inputs' | 'outputs'>>>
  /** Stands for `script.sql` where a text file can't hold the script. */
  readonly script?: { readonly base64: string } | Repetition
}

/** A script that is long rather than interesting. */
interface Repetition {
  readonly before: string
  readonly repeated: string
  readonly times: number
  readonly after: string
}

const FIXTURES = join(import.meta.dirname, '../fixtures/errors')
const SCRIPT = 'script.sql'
const TESTS = 'script.test.sql'

export function readErrorFixture(name: string): ErrorFixture {
  const directory = join(FIXTURES, name)
  const text = readExpected(directory, 'fixture.json')
  const options = text === null ? {} : (JSON.parse(text) as ErrorFixtureOptions)
  const code = name.replace(/--.*/, '')
  const script = scriptOf(directory, options)
  return { name, code, directory, script, tests: readBytes(join(directory, TESTS)), options }
}

function scriptOf(directory: string, { script }: ErrorFixtureOptions): Uint8Array | null {
  if (script === undefined) return readBytes(join(directory, SCRIPT))
  if ('base64' in script) return Buffer.from(script.base64, 'base64')
  const { before, repeated, times, after } = script
  return new TextEncoder().encode(before + repeated.repeat(times) + after)
}

function readBytes(path: string): Uint8Array | null {
  return existsSync(path) ? readFileSync(path) : null
}

/** What `miraclec check`, or `miraclec test` where there are tests, says of the script. */
export function diagnoseErrorFixture({ script, tests, options }: ErrorFixture): {
  readonly session: Session
  readonly text: string
} {
  using folder = openScriptFolder(script ?? new Uint8Array(), options.models, SCRIPT)
  const { directory } = folder
  for (const [file, { inputs, outputs }] of Object.entries(options.shapes ?? {})) {
    const model = encodeModel({ operators: [], initializers: [], inputs, outputs })
    writeFileSync(join(directory, file), model)
  }
  const session = tests === null ? folder.session(true) : openBoth(directory, script, tests)
  if (tests === null) compileScript(session)
  else if (!hasErrors(session)) compileTests(session)
  const text = renderDiagnostics(session.diagnostics, 'text', version)
  return { session, text: text.replaceAll(`${directory}/`, '') }
}

function openBoth(directory: string, script: Uint8Array | null, tests: Uint8Array): Session {
  const testFile = join(directory, TESTS)
  if (script !== null) writeFileSync(join(directory, SCRIPT), script)
  writeFileSync(testFile, tests)
  return openTests({ script: join(directory, SCRIPT), testFile })
}
