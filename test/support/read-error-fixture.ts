import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStatements } from '../../compiler/ask/index.ts'
import { openTests } from '../../compiler/commands/tests/open-tests.ts'
import { compileScript, compileTests } from '../../compiler/compile.ts'
import { renderDiagnostics } from '../../compiler/diagnostics/render/index.ts'
import { hasErrors, type Session } from '../../compiler/session.ts'
import { version } from '../../compiler/version.ts'
import { openScriptFolder } from './compile-fixture.ts'
import { type Fixture, type FixtureModel, readExpected } from './fixtures.ts'
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
  /** A statement that the running pipeline is asked; the script then is the CREATE TABLE statements of its tables. */
  readonly asked: Uint8Array | null
  readonly options: ErrorFixtureOptions
}

interface ErrorFixtureOptions extends Pick<Fixture['options'], 'schemas' | 'subjects'> {
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
const ASKED = 'statement.sql'

export function readErrorFixture(name: string): ErrorFixture {
  const directory = join(FIXTURES, name)
  const text = readExpected(directory, 'fixture.json')
  const options = text === null ? {} : (JSON.parse(text) as ErrorFixtureOptions)
  const code = name.replace(/--.*/, '')
  const script = scriptOf(directory, options)
  const tests = readBytes(join(directory, TESTS))
  return { name, code, directory, script, tests, asked: readBytes(join(directory, ASKED)), options }
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

/** What is said of a fixture; without a session where the pipeline says it. */
export interface Diagnosis {
  readonly text: string
  readonly codes: readonly string[]
  readonly session: Session | null
}

/** What `miraclec check`, `miraclec test` where there are tests, or a running pipeline says. */
export function diagnoseErrorFixture(fixture: ErrorFixture): Diagnosis {
  return fixture.asked === null
    ? diagnoseScript(fixture)
    : diagnoseStatement(fixture.asked, fixture)
}

function diagnoseStatement(asked: Uint8Array, { script }: ErrorFixture): Diagnosis {
  const tables = new TextDecoder().decode(script ?? new Uint8Array())
  const { compile } = openStatements(tables === '' ? [] : [tables], new Map())
  const result = compile(new TextDecoder().decode(asked))
  if (result.kind !== 'refused') throw new Error(`the statement is not refused: ${result.kind}`)
  return { text: result.text, codes: [result.code], session: null }
}

function diagnoseScript({ script, tests, options }: ErrorFixture): Diagnosis {
  using folder = openScriptFolder(script ?? new Uint8Array(), options.models, SCRIPT, options)
  const { directory } = folder
  for (const [file, { inputs, outputs }] of Object.entries(options.shapes ?? {})) {
    const model = encodeModel({ operators: [], initializers: [], inputs, outputs })
    writeFileSync(join(directory, file), model)
  }
  const session = tests === null ? folder.session(true) : openBoth(directory, script, tests)
  if (tests === null) compileScript(session)
  else if (!hasErrors(session)) compileTests(session)
  const text = renderDiagnostics(session.diagnostics, 'text', version)
  const codes = session.diagnostics.map(({ code }) => code)
  return { session, codes, text: text.replaceAll(`${directory}/`, '') }
}

function openBoth(directory: string, script: Uint8Array | null, tests: Uint8Array): Session {
  const testFile = join(directory, TESTS)
  if (script !== null) writeFileSync(join(directory, SCRIPT), script)
  writeFileSync(testFile, tests)
  return openTests({ script: join(directory, SCRIPT), testFile })
}
