import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../bundle/package-root.ts'
import { type Compiled, compileScript } from '../compile.ts'
import { type Arguments, type Command, exitCode } from './command.ts'
import { linkPipeline, reportBundleError } from './compile.ts'
import { type DevRow, generateRows, openInput } from './dev-rows.ts'
import { hasSomethingToRun, openWithSchemas, printDiagnostics } from './open-script.ts'
import { runChild } from './run-child.ts'

export const devCommand: Command = {
  name: 'dev',
  usage: '<script.sql>',
  summary: 'run with an embedded broker: rows in, results on the screen, nothing to install',
  options: [
    {
      name: 'input',
      value: '<file>',
      help: 'one record value per line, - for stdin; several sources: a=a.jsonl,b=b.jsonl, or a folder with these'
    },
    {
      name: 'rows',
      value: '<n>',
      from: 1,
      help: 'generated rows per source without --input (default 20)'
    },
    {
      name: 'rate',
      value: '<n>',
      from: 1,
      help: 'rows per second (default: as fast as they go)'
    },
    { name: 'seed', value: '<n>', from: 0, help: 'of the generated rows (default 1)' },
    { name: 'port', value: '<p>', from: 1, help: 'of metrics and SQL (default: a free one)' },
    { name: 'once', value: null, help: 'end when all rows have been handled, and all windows told' }
  ],
  positional: { min: 1, max: 1 },
  async run(args) {
    const session = await openWithSchemas(args.positional[0]!)
    if (session === null) return exitCode.usage
    const options = { ...session.options, isWhole: true, asRows: true, looks: true }
    const compiled = compileScript({ ...session, options })
    printDiagnostics(session, 'text')
    if (compiled === null || !hasSomethingToRun(compiled)) return exitCode.script
    const rows = await openRows(compiled, args)
    if (typeof rows === 'string') {
      process.stderr.write(`miraclec: ${rows}\n`)
      return exitCode.usage
    }
    return runBundle(compiled, rows, args)
  }
}

async function runBundle(
  compiled: Compiled,
  rows: AsyncIterable<DevRow>,
  { options }: Arguments
): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'miraclec-dev-'))
  try {
    const { main } = await linkPipeline(compiled, directory)
    const dev = join(packageRoot, 'runtime/dev/main.ts')
    const once = options['once'] === true ? ['--once'] : []
    const numbers = ['rate', 'port'].flatMap(name => {
      const value = options[name]
      return typeof value === 'string' ? [`--${name}`, value] : []
    })
    return await runChild(process.execPath, [dev, main, ...once, ...numbers], jsonLines(rows))
  } catch (error) {
    return reportBundleError(error)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function openRows(
  { graph }: Compiled,
  { options }: Arguments
): Promise<AsyncIterable<DevRow> | string> {
  const { input, rows, seed, rate } = options
  if (typeof input !== 'string') {
    return generateRows(graph, Number(rows ?? 20), Number(seed ?? 1), rate !== undefined)
  }
  for (const name of ['rows', 'seed']) {
    if (options[name] !== undefined)
      return `--${name} is for generated rows: leave it out, or --input`
  }
  return openInput(input, graph.script.sources)
}

async function* jsonLines(rows: AsyncIterable<DevRow>): AsyncIterable<string> {
  for await (const row of rows) yield JSON.stringify(row) + '\n'
}
