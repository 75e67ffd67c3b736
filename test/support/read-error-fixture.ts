import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileScript } from '../../compiler/compile.ts'
import type { Session } from '../../compiler/session.ts'
import { openScriptFolder } from './compile-fixture.ts'
import { type FixtureModel, readExpected } from './fixtures.ts'
import { encodeModel, type OnnxGraph } from './onnx.ts'

/** A script that must be refused, or warned of. */
export interface ErrorFixture {
  /** `<code>` or `<code>--<variant>`. */
  readonly name: string
  readonly code: string
  readonly directory: string
  readonly script: Uint8Array
  readonly options: ErrorFixtureOptions
}

interface ErrorFixtureOptions {
  /** The script's path in the diagnostics; `script.sql` where it does not matter. */
  readonly path?: string
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

export function readErrorFixture(name: string): ErrorFixture {
  const directory = join(FIXTURES, name)
  const text = readExpected(directory, 'fixture.json')
  const options = text === null ? {} : (JSON.parse(text) as ErrorFixtureOptions)
  const code = name.replace(/--.*/, '')
  return { name, code, directory, script: scriptOf(directory, options), options }
}

function scriptOf(directory: string, { script }: ErrorFixtureOptions): Uint8Array {
  if (script === undefined) return readFileSync(join(directory, 'script.sql'))
  if ('base64' in script) return Buffer.from(script.base64, 'base64')
  const { before, repeated, times, after } = script
  return new TextEncoder().encode(before + repeated.repeat(times) + after)
}

/** The session of a compilation up to the emitted program, as `miraclec check` does it. */
export function compileErrorFixture({ script, options }: ErrorFixture): Session {
  using folder = openScriptFolder(script, options.models, options.path)
  for (const [file, { inputs, outputs }] of Object.entries(options.shapes ?? {})) {
    const model = encodeModel({ operators: [], initializers: [], inputs, outputs })
    writeFileSync(join(folder.directory, file), model)
  }
  const session = folder.session(true)
  compileScript(session)
  return session
}
