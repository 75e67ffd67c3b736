// Every check and every test: types, lint, format, then the test runner. `npm test -- <words>`: only tests whose name or
// file has one of the words, and no checks. `--update` rewrites the expected files of fixtures, for a person to read the diff.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { MODULES, ROOT } from './setup/shell.mjs'

const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const update = process.argv.includes('--update')
if (update && process.env.CI) {
  console.error('test:update does not run in CI: it would accept whatever it finds')
  process.exit(2)
}

const bin = join(MODULES, '.bin')
const env = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  ...(update ? { UPDATE_FIXTURES: '1' } : {})
}

/** A step that hangs is ended, in ms: the test runner says then which file it was. Whole, all of it takes half as long. */
const LONGEST = 55 * 60_000

function run(title, command, args, more = {}) {
  console.log(`\n# ${title}`)
  const options = { cwd: ROOT, env: { ...env, ...more }, stdio: 'inherit', timeout: LONGEST }
  return spawnSync(join(bin, command), args, options).status === 0
}

/** What has to hold whoever talks to the brokers: connections of the pipeline's own, as in all tests, or librdkafka. */
const ofBothWays = [
  'chaos/clock',
  'chaos/disturbances',
  'chaos/topics',
  'kafka/crash',
  'kafka/drain',
  'kafka/exactly-once',
  'kafka/groups',
  'kafka/outage',
  'kafka/sink-errors',
  'kafka/sink-order',
  'kafka/dead-letters'
]
const byLibrdkafka = { MIRACLEC_FETCH: 'librdkafka', MIRACLEC_PRODUCE: 'librdkafka' }

function runTests() {
  const files = globSync('test/**/*.test.ts', { cwd: ROOT }).sort()
  const named = files.filter(file => words.some(word => file.includes(word)))
  const chosen = named.length > 0 ? named : files
  // A Kafka broker is a JVM of 400 MB: two files at a time are as much as a small machine takes.
  const concurrency = Math.min(2, availableParallelism())
  const patterns = named.length > 0 ? [] : words.map(word => `--test-name-pattern=${word}`)
  const reporters = ['spec', './.ci/report-ends.mjs']
  const reporting = reporters.flatMap(one => [
    `--test-reporter=${one}`,
    '--test-reporter-destination=stdout'
  ])
  const flags = [`--test-concurrency=${concurrency}`, ...reporting, ...patterns]
  const isRight = run('tests', 'node', ['--test', ...flags, ...chosen])
  if (words.length > 0 || update) return isRight
  const again = ofBothWays.map(name => `test/${name}.test.ts`)
  return run('tests by librdkafka', 'node', ['--test', ...flags, ...again], byLibrdkafka) && isRight
}

const checks =
  words.length > 0 || update
    ? []
    : [
        run('types', 'tsc', []),
        run('types of the dashboard', 'tsc', ['-p', 'runtime/watch/page']),
        run('lint', 'eslint', ['.']),
        run('format', 'prettier', ['--check', '--log-level', 'warn', '.'])
      ]
const results = [...checks, runTests()]
process.exitCode = results.every(Boolean) ? 0 : 1
