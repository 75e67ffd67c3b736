import { mkdtemp, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { compileScript } from '../compile.ts'
import { generateRow, makeRandom } from '../dev/generate-rows.ts'
import { packageRoot } from '../bundle/package-root.ts'
import type { BoundSource } from '../ir/index.ts'
import { type Arguments, type Command, exitCode } from './command.ts'
import { reportBundleError, writePipeline } from './compile.ts'
import { openScript, printDiagnostics } from './open-script.ts'
import { runChild } from './run.ts'

export const devCommand: Command = {
  name: 'dev',
  usage: '<script.sql>',
  summary: 'run with an embedded broker: rows in, results on the screen, nothing to install',
  options: [
    {
      name: 'input',
      value: '<file>',
      help: 'rows.jsonl, one record value per line; several sources: a=a.jsonl,b=b.jsonl'
    },
    { name: 'rows', value: '<n>', help: 'generated rows per source without --input (default 20)' },
    { name: 'rate', value: '<n>', help: 'rows per second (default: as fast as they go)' },
    { name: 'seed', value: '<n>', help: 'of the generated rows (default 1)' },
    { name: 'once', value: null, help: 'end when all rows have been handled' }
  ],
  positional: { min: 1, max: 1 },
  async run(args) {
    const session = await openScript(args.positional[0]!)
    if (session === null) return exitCode.usage
    const compiled = compileScript(session)
    printDiagnostics(session, 'text')
    if (compiled === null) return exitCode.script
    const rows = readRows(compiled.graph.script.sources, args)
    if (typeof rows === 'string') {
      process.stderr.write(`miraclec: ${rows}\n`)
      return exitCode.usage
    }
    const directory = await mkdtemp(join(tmpdir(), 'miraclec-dev-'))
    try {
      const { main } = await writePipeline(compiled, directory, 'linked')
      const dev = join(packageRoot, 'runtime/dev/main.ts')
      const once = args.options['once'] === true ? ['--once'] : []
      const rate = Number(args.options['rate'] ?? 0)
      return await runChild(process.execPath, [dev, main, ...once], async input => {
        for await (const row of rows) {
          input.write(JSON.stringify(row) + '\n')
          if (rate > 0) await sleep(1000 / rate)
        }
        input.end()
      })
    } catch (error) {
      return reportBundleError(error)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}

interface InputRow {
  readonly topic: string
  readonly value: string
}

/** The rows to feed, or what is wrong with the options. */
function readRows(
  sources: readonly BoundSource[],
  { options }: Arguments
): AsyncIterable<InputRow> | string {
  const input = options['input']
  if (typeof input !== 'string') {
    return generatedRows(sources, Number(options['rows'] ?? 20), Number(options['seed'] ?? 1))
  }
  const files: { source: BoundSource; path: string }[] = []
  for (const part of input.split(',')) {
    const equals = part.indexOf('=')
    const name = equals < 0 ? null : part.slice(0, equals)
    const source = name === null ? sources[0] : sources.find(candidate => candidate.name === name)
    if (source === undefined) return `--input: the script has no source "${name ?? ''}"`
    if (name === null && sources.length > 1) {
      return `--input: the script has ${sources.length} sources; name one: ${sources[0]!.name}=${part}`
    }
    files.push({ source, path: part.slice(equals + 1) })
  }
  return fileRows(files)
}

async function* generatedRows(
  sources: readonly BoundSource[],
  count: number,
  seed: number
): AsyncIterable<InputRow> {
  const random = makeRandom(seed)
  for (let i = 0; i < count; i++) {
    for (const source of sources) {
      yield { topic: source.topic, value: generateRow(source, i, random, Date.now()) }
    }
  }
}

async function* fileRows(
  files: readonly { readonly source: BoundSource; readonly path: string }[]
): AsyncIterable<InputRow> {
  for (const { source, path } of files) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (line !== '') yield { topic: source.topic, value: line }
    }
  }
}
