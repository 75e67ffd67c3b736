import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type FixtureRecord, type FixtureSchemas, parseRecords, showRecords } from './records.ts'

/** A model that is made for a case, by its file's name. The oracle evaluates it without ONNX. */
export type FixtureModel =
  | { readonly kind: 'logistic'; readonly weights: readonly number[]; readonly bias: number }
  | { readonly kind: 'lookup'; readonly table: readonly number[] }
  | { readonly kind: 'identity'; readonly elementType: number; readonly width: number }
  | { readonly kind: 'text'; readonly text: string }

interface FixtureOptions {
  /** Records are compared in order; otherwise as a bag, since inputs of a union may come in any order. */
  readonly ordered?: boolean
  /** How far a DOUBLE may be off, relative to it: models compute in single precision, each in its own order. */
  readonly tolerance?: number
  /** The code with which the pipeline stops. */
  readonly fails?: string
  /** Codes of the warnings that the script gets; any other fails the case. */
  readonly warnings?: readonly string[]
  readonly models?: Readonly<Record<string, FixtureModel>>
  /** What the registry has, by ids; `file`: the schema in a file of that name. Ids that sinks get follow. */
  readonly schemas?: FixtureSchemas
  /** The id of the latest schema of each subject. */
  readonly subjects?: Readonly<Record<string, number>>
  readonly skip?: string
}

export interface Fixture {
  readonly name: string
  readonly directory: string
  readonly script: Uint8Array
  readonly options: FixtureOptions
  /** By topic. */
  readonly inputs: ReadonlyMap<string, readonly FixtureRecord[]>
  /** By topic. */
  readonly outputs: ReadonlyMap<string, readonly FixtureRecord[]>
}

const FIXTURES = join(import.meta.dirname, '../fixtures')

/** Whether expected files are rewritten, for a person to read the difference: `npm run test:update`. */
export function isUpdating(): boolean {
  if (process.env['UPDATE_FIXTURES'] !== '1') return false
  if (process.env['CI']) throw new Error('expected files are not rewritten where CI is set')
  return true
}

export function fixtureNames(area: string): string[] {
  // `_actual` is what runs leave.
  return readdirSync(join(FIXTURES, area))
    .filter(name => !name.startsWith('_'))
    .sort()
}

export function readFixture(area: string, name: string): Fixture {
  const directory = join(FIXTURES, area, name)
  const options = readExpected(directory, 'fixture.json')
  const read = options === null ? {} : (JSON.parse(options) as FixtureOptions)
  return {
    name,
    directory,
    script: readFileSync(join(directory, 'script.sql')),
    options: read,
    inputs: readTopics(join(directory, 'input'), read.schemas),
    outputs: readTopics(join(directory, 'expect/output'), read.schemas)
  }
}

function readTopics(
  folder: string,
  schemas?: FixtureSchemas
): ReadonlyMap<string, readonly FixtureRecord[]> {
  if (!existsSync(folder)) return new Map()
  return new Map(
    readdirSync(folder).map(file => [
      file.replace(/\.jsonl$/, ''),
      parseRecords(readFileSync(join(folder, file), 'utf8'), schemas)
    ])
  )
}

/** A file of a case, or null where it has none: the files that are there select the checks. */
export function readExpected(directory: string, file: string): string | null {
  const path = join(directory, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

export function writeExpected(directory: string, file: string, text: string): void {
  const path = join(directory, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Rewrites a case's expected records, where they are others; a topic that nobody writes to loses its file. */
export function writeOutputs(
  { directory, outputs, options }: Fixture,
  written: Fixture['outputs']
): void {
  for (const topic of new Set([...outputs.keys(), ...written.keys()])) {
    const file = `expect/output/${topic}.jsonl`
    const records = written.get(topic)
    if (records === undefined) rmSync(join(directory, file), { force: true })
    else if (showRecords(records) !== showRecords(outputs.get(topic) ?? [])) {
      writeExpected(directory, file, showRecords(records, options.schemas))
    }
  }
}
