import { constants, createReadStream } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { closest } from '../diagnostics/closest.ts'
import { findComparedValues, generateRow, makeRandom } from '../dev/index.ts'
import type { BoundSource, StreamGraph } from '../ir/index.ts'
import { explainReadError } from '../source/index.ts'

/** A record to write to a topic. */
export interface DevRow {
  readonly topic: string
  readonly value: string
}

/** Of files in a folder: one record value per line. */
const SUFFIX = '.jsonl'

interface InputFile {
  readonly source: BoundSource
  readonly path: string
}

/**
 * Rows from `--input`: one file, `source=file` with commas between, or a folder with files called after sources; `-` is
 * stdin. A string says what is wrong.
 */
export async function openInput(
  input: string,
  sources: readonly BoundSource[]
): Promise<AsyncIterable<DevRow> | string> {
  const isFolder = (await stat(input).catch(() => null))?.isDirectory() === true
  const files = isFolder ? await findInFolder(input, sources) : findFiles(input, sources)
  if (typeof files === 'string') return `--input: ${files}`
  for (const { path } of files) {
    const problem = await unreadable(path)
    if (problem !== null) return `--input: cannot read ${path}: ${problem}`
  }
  const tables = files.filter(({ source }) => isTable(source))
  return readInput([...tables, ...files.filter(file => !tables.includes(file))])
}

/** Events find the rows of the tables that they are joined to. */
function isTable({ feeds }: BoundSource): boolean {
  return feeds !== null
}

/** `<source>.jsonl` for each source that has rows. */
async function findInFolder(
  folder: string,
  sources: readonly BoundSource[]
): Promise<readonly InputFile[] | string> {
  const names = (await readdir(folder)).filter(name => name.endsWith(SUFFIX)).sort()
  const files: InputFile[] = []
  for (const name of names) {
    const file = findSource(name.slice(0, -SUFFIX.length), sources)
    if (typeof file === 'string') return `${join(folder, name)}: ${file}`
    files.push({ source: file, path: join(folder, name) })
  }
  if (files.length > 0) return files
  const wanted = sources.map(source => `${source.name}${SUFFIX}`)
  return `${folder} has no ${wanted.join(' or ')}`
}

function findFiles(input: string, sources: readonly BoundSource[]): readonly InputFile[] | string {
  const files: InputFile[] = []
  for (const part of input.split(',')) {
    const file = findInput(part, sources)
    if (typeof file === 'string') return file
    files.push(file)
  }
  return files
}

function findInput(part: string, sources: readonly BoundSource[]): InputFile | string {
  const equals = part.indexOf('=')
  const path = part.slice(equals + 1)
  if (equals >= 0) {
    const source = findSource(part.slice(0, equals), sources)
    return typeof source === 'string' ? source : { source, path }
  }
  if (sources.length === 1) return { source: sources[0]!, path }
  const example = sources.map(({ name }) => `${name}=${name}${SUFFIX}`).join(',')
  return `the script has ${sources.length} sources, so files need their names: --input ${example}`
}

function findSource(name: string, sources: readonly BoundSource[]): BoundSource | string {
  const source = sources.find(candidate => candidate.name === name)
  if (source !== undefined) return source
  const names = sources.map(known => known.name)
  const near = closest(name, names)
  const hint = near === null ? `it has ${names.join(', ')}` : `did you mean "${near}"?`
  return `the script has no source "${name}"; ${hint}`
}

async function unreadable(path: string): Promise<string | null> {
  if (path === '-') return null
  try {
    await access(path, constants.R_OK)
    return (await stat(path)).isDirectory() ? 'it is a folder' : null
  } catch (error) {
    return explainReadError(error)
  }
}

async function* readInput(files: readonly InputFile[]): AsyncIterable<DevRow> {
  for (const { source, path } of files) {
    const stream: Readable = path === '-' ? process.stdin : createReadStream(path)
    for await (const line of createInterface({ input: stream })) {
      if (line.trim() !== '') yield { topic: source.topic, value: line }
    }
  }
}

/** From one row to the next, and from the first to the last, where rows have event time: so windows close, though all are sent at once. */
const STEP = 10_000
const SPAN = 86_400_000

/** `count` rows per source: those of tables, then those of the others, in turn. `paced`: they are sent one by one, in their own time. */
export async function* generateRows(
  graph: StreamGraph,
  count: number,
  seed: number,
  paced: boolean
): AsyncIterable<DevRow> {
  const random = makeRandom(seed)
  const compared = findComparedValues(graph)
  const { sources } = graph.script
  for (const group of [sources.filter(isTable), sources.filter(source => !isTable(source))]) {
    for (let index = 0; index < count; index++) {
      for (const source of group) {
        const ago = paced || source.watermark === null ? 0 : count - 1 - index
        const now = Math.floor(Date.now() - ago * Math.min(STEP, SPAN / count))
        yield { topic: source.topic, value: generateRow({ source, index, now, random }, compared) }
      }
    }
  }
}
