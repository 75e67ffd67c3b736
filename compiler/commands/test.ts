import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleTests } from '../bundle/index.ts'
import { type Arguments, type Command, exitCode } from './command.ts'
import { runChild } from './run-child.ts'
import { findTests, type TestedScript } from './tests/find-tests.ts'
import { prepareTests } from './tests/prepare-tests.ts'
import { watchSql } from './watch-sql.ts'

export const testCommand: Command = {
  name: 'test',
  usage: '[files or folders]',
  summary: 'run the TEST statements of scripts and of the .test.sql files beside them',
  options: [
    {
      name: 'reporter',
      value: '<name>',
      choices: ['spec', 'tap', 'junit'],
      help: 'spec (default), tap or junit: the formats of node:test'
    },
    {
      name: 'name',
      value: '<pattern>',
      help: 'only tests whose name matches, a regular expression'
    },
    {
      name: 'watch',
      value: null,
      help: 'run again whenever an SQL file changes, or a file that one needs'
    }
  ],
  positional: { min: 0, max: Infinity },
  async run(args) {
    const paths = args.positional.length === 0 ? ['.'] : args.positional
    const isWanted = readPattern(args)
    if (isWanted === null) return exitCode.usage
    if (args.options['watch'] !== true) return runTests(paths, isWanted, args)
    return watchSql(paths, files => runTests(paths, isWanted, args, files))
  }
}

type NameTest = (name: string) => boolean

function readPattern({ options }: Arguments): NameTest | null {
  const text = options['name']
  if (typeof text !== 'string') return () => true
  try {
    const pattern = new RegExp(text, 'u')
    return name => pattern.test(name)
  } catch (error) {
    process.stderr.write(`miraclec: --name: ${(error as Error).message}\n`)
    return null
  }
}

async function runTests(
  paths: readonly string[],
  isWanted: NameTest,
  args: Arguments,
  files: Set<string> = new Set()
): Promise<number> {
  const scripts = findTests(paths)
  if (typeof scripts === 'string') {
    process.stderr.write(`miraclec: ${scripts}\n`)
    return exitCode.usage
  }
  const directory = await mkdtemp(join(tmpdir(), 'miraclec-test-'))
  try {
    return await runScripts(scripts, directory, isWanted, args, files)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function runScripts(
  scripts: readonly TestedScript[],
  directory: string,
  isWanted: NameTest,
  { options }: Arguments,
  files: Set<string>
): Promise<number> {
  const { modules, entries } = await prepareTests(scripts, isWanted, files)
  if (entries.length === 0) {
    const wanted = options['name'] === undefined ? '' : ` whose name matches ${options['name']}`
    const hint =
      wanted === ''
        ? '; write TEST statements in the script, or beside it in <script>.test.sql'
        : ''
    process.stderr.write(`miraclec: there are no tests${wanted}${hint}\n`)
    return exitCode.script
  }
  const main = await bundleTests(modules, entries, directory)
  const reporter = `--test-reporter=${options['reporter'] ?? 'spec'}`
  // Source maps: reporters then name the place in the SQL.
  return runChild(process.execPath, ['--enable-source-maps', reporter, main])
}
