import { execFileSync, spawnSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { kafkaVersion } from '../../test/support/kafka/broker.ts'
import type { BenchOptions, BenchRun, CaseResult } from './case.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Programs that say what they are: what of it is the version. */
const programs: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
  java: [['-version'], /version "([^"]+)"/],
  go: [['version'], /go(\d\S+)/],
  cargo: [['--version'], /cargo (\S+)/],
  kcat: [['-V'], /Version (\S+)/]
}

export function currentLoad(): number {
  return loadavg()[0]!
}

/** `loadBefore`: `currentLoad` when the first of them began. */
export function describeRun(
  cases: readonly CaseResult[],
  options: BenchOptions,
  loadBefore: number
): BenchRun {
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    commit: describeCommit(),
    machine: {
      cpu: processors[0]?.model ?? 'unknown',
      cores: processors.length,
      gigabytes: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      load: [loadBefore, currentLoad()]
    },
    versions: { node: process.versions.node, kafka: kafkaVersion(), ...findVersions() },
    options,
    cases
  }
}

function describeCommit(): string {
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim()
  // What was measured before is no change to what is measured.
  const changes = git('status', '--porcelain', '--', '.', ':!bench/results', ':!README.md')
  return `${git('rev-parse', '--short=12', 'HEAD')}${changes === '' ? '' : ' with changes'}`
}

/** Those that are not installed are left out. */
function findVersions(): Record<string, string> {
  const found = Object.entries(programs).map(([name, [words, pattern]]) => {
    const { stdout, stderr } = spawnSync(name, words, { encoding: 'utf8' })
    return [name, pattern.exec(`${stdout} ${stderr}`)?.[1]] as const
  })
  return Object.fromEntries(found.filter(pair => pair[1] !== undefined) as [string, string][])
}
