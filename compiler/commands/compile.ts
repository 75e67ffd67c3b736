import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { beginBundle, BundleError, type BundleInput, bundlePipeline } from '../bundle/index.ts'
import { type Compiled, compileScript } from '../compile.ts'
import type { DiagnosticFormat } from '../diagnostics/render/index.ts'
import type { Session } from '../session.ts'
import { type Arguments, type Command, exitCode } from './command.ts'
import type { SchemaChoice } from '../registry/index.ts'
import {
  diagnosticsOption,
  openScript,
  printDiagnostics,
  schemasOption,
  withSchemas
} from './open-script.ts'
import { watchSql } from './watch-sql.ts'

export const compileCommand: Command = {
  name: 'compile',
  usage: '<script.sql>',
  summary: 'compile a script to an executable',
  options: [
    { name: 'output', short: 'o', value: '<folder>', help: 'default: dist-pipelines/<name>' },
    {
      name: 'format',
      value: '<format>',
      choices: ['executable', 'bundle'],
      help: 'executable (default), or bundle: pipeline.mjs with its native parts, for a machine with Node 24'
    },
    { name: 'verify', value: null, help: 'type-check the generated code too' },
    {
      name: 'watch',
      value: null,
      help: 'compile again whenever the script changes, or a file that it needs'
    },
    schemasOption,
    diagnosticsOption
  ],
  positional: { min: 1, max: 1 },
  async run(args) {
    if (args.options['watch'] !== true) return compileOnce(args)
    return watchSql(args.positional, files => compileOnce(args, files))
  }
}

async function compileOnce(
  { positional, options }: Arguments,
  files: Set<string> = new Set()
): Promise<number> {
  const started = performance.now()
  const opened = await openScript(positional[0]!, true, files)
  if (opened === null) return exitCode.usage
  const format = options['format'] === 'bundle' ? 'bundle' : 'executable'
  using begun = beginBundle(format)
  // A turn in which esbuild is told: from then on this thread is busy with the script.
  await setImmediate()
  const { session, book } = await withSchemas(
    opened,
    (options['schemas'] ?? 'kept') as SchemaChoice
  )
  const compiled = compileScript({ ...session, options: { ...session.options, looks: true } })
  printDiagnostics(session, (options['diagnostics'] ?? 'text') as DiagnosticFormat)
  if (compiled === null) return exitCode.script
  const kept = book.save()
  if (kept !== null)
    process.stderr.write(`${kept} has the schemas that it was compiled with: commit it\n`)
  if (options['verify'] === true) await verify(compiled)
  const output = options['output']
  const directory = typeof output === 'string' ? output : defaultDirectory(compiled)
  const existing = await stat(directory).catch(() => null)
  if (existing !== null && !existing.isDirectory()) {
    process.stderr.write(`miraclec: ${directory} is a file; --output names a folder\n`)
    return exitCode.usage
  }
  try {
    const { main } = await begun.finish(bundleInputOf(compiled), directory)
    await report(main, session, performance.now() - started)
    if (format === 'bundle') process.stderr.write(`run it with Node 24: node ${shown(main)}\n`)
    return exitCode.done
  } catch (error) {
    return reportBundleError(error)
  }
}

/** For a run on this machine. */
export function linkPipeline(
  compiled: Compiled,
  directory: string
): ReturnType<typeof bundlePipeline> {
  return bundlePipeline(bundleInputOf(compiled), { directory, format: 'linked' })
}

function bundleInputOf({ pipeline: { typescript, ...input } }: Compiled): BundleInput {
  return { ...input, source: typescript }
}

/** What the machine did to us is said in one line; anything else is a bug. */
export function reportBundleError(error: unknown): number {
  if (!(error instanceof BundleError)) throw error
  process.stderr.write(`miraclec: ${error.message}\n`)
  return exitCode.environment
}

function defaultDirectory({ pipeline }: Compiled): string {
  return join('dist-pipelines', pipeline.name)
}

async function verify({ pipeline }: Compiled): Promise<void> {
  const { verifyTypeScript } = await import('../verify/index.ts')
  const problems = verifyTypeScript(new Map([[pipeline.name, pipeline.typescript]]))
  if (problems.length > 0) {
    throw new Error(`the generated code does not type-check:\n${problems.join('\n')}`)
  }
}

async function report(main: string, { file }: Session, milliseconds: number): Promise<void> {
  const { size } = await stat(main)
  const megabytes = (size / 1e6).toFixed(size < 1e7 ? 1 : 0)
  const seconds = (milliseconds / 1000).toFixed(2)
  process.stderr.write(`${file.path} -> ${shown(main)} (${megabytes} MB, ${seconds} s)\n`)
}

/** The path as people would write it here. */
function shown(path: string): string {
  const below = relative(process.cwd(), path)
  return below.startsWith('..') ? path : below
}
