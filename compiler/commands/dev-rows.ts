import { constants, createReadStream } from 'node:fs'
import { access, stat } from 'node:fs/promises'
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

interface InputFile {
  readonly source: BoundSource
  readonly path: string
}

/** Rows from `--input`: one file, or `source=file` with commas between; `-` is stdin. A string says what is wrong. */
export async function openInput(
  input: string,
  sources: readonly BoundSource[]
): Promise<AsyncIterable<DevRow> | string> {
  const files: InputFile[] = []
  for (const part of input.split(',')) {
    const file = findInput(part, sources)
    if (typeof file === 'string') return file
    const problem = await unreadable(file.path)
    if (problem !== null) return `--input: cannot read ${file.path}: ${problem}`
    files.push(file)
  }
  const tables = files.filter(({ source }) => isTable(source))
  return readInput([...tables, ...files.filter(file => !tables.includes(file))])
}

/** Events find the rows of the tables that they are joined to. */
function isTable({ feeds }: BoundSource): boolean {
  return feeds !== null
}

function findInput(part: string, sources: readonly BoundSource[]): InputFile | string {
  const names = sources.map(({ name }) => name)
  const equals = part.indexOf('=')
  const name = part.slice(0, Math.max(0, equals))
  const path = part.slice(equals + 1)
  if (equals >= 0) {
    const source = sources.find(candidate => candidate.name === name)
    if (source !== undefined) return { source, path }
    const near = closest(name, names)
    const hint = near === null ? `it has ${names.join(', ')}` : `did you mean "${near}"?`
    return `--input: the script has no source "${name}"; ${hint}`
  }
  if (sources.length === 1) return { source: sources[0]!, path }
  const example = names.map(known => `${known}=${known}.jsonl`).join(',')
  return `--input: the script has ${sources.length} sources, so files need their names: --input ${example}`
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

/** `count` rows per source: those of tables, then those of the others, in turn. */
export async function* generateRows(
  graph: StreamGraph,
  count: number,
  seed: number
): AsyncIterable<DevRow> {
  const random = makeRandom(seed)
  const compared = findComparedValues(graph)
  const { sources } = graph.script
  for (const group of [sources.filter(isTable), sources.filter(source => !isTable(source))]) {
    for (let index = 0; index < count; index++) {
      for (const source of group) {
        const now = Date.now()
        yield { topic: source.topic, value: generateRow({ source, index, now, random }, compared) }
      }
    }
  }
}
