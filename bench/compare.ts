// npm run bench:compare -- <before> <after> [case ...]: each is a result file (npm run bench -- --json file) or a checkout.
// Checkouts are measured here, in turn, twice each, so that a slow phase of the machine hits both.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BenchRun } from './harness/case.ts'
import { compareRuns, mergeRuns } from './harness/comparison.ts'
import { formatTable } from './harness/table.ts'

const ROUNDS = 2

const [before, after, ...names] = process.argv.slice(2)
if (before === undefined || after === undefined) {
  console.error('usage: npm run bench:compare -- <before> <after> [case ...]')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'miraclec-bench-'))
try {
  const rounds = isCheckout(before) || isCheckout(after) ? ROUNDS : 1
  const pairs = Array.from({ length: rounds }, () => [open(before), open(after)] as const)
  const [old, young] = pairs.reduce(([old, young], [nextOld, nextYoung]) => [
    mergeRuns(old, nextOld),
    mergeRuns(young, nextYoung)
  ])
  const rows = compareRuns(old, young).map(({ name, before, after, unit, gain, band, verdict }) => [
    name,
    before,
    after,
    unit,
    `${gain < 0 ? '' : '+'}${(gain * 100).toFixed(1)}%`,
    `${(band * 100).toFixed(0)}%`,
    verdict
  ])
  console.log(formatTable([['figure', 'before', 'after', 'unit', 'gain', 'band', ''], ...rows]))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function isCheckout(path: string): boolean {
  return statSync(path).isDirectory()
}

function open(path: string): BenchRun {
  return JSON.parse(readFileSync(isCheckout(path) ? measure(path) : path, 'utf8')) as BenchRun
}

/** Runs a checkout's own bench with its own Node. Answers the result file. */
function measure(checkout: string): string {
  const cwd = resolve(checkout)
  const result = join(folder, 'result.json')
  const words = ['bench/run.ts', ...names, '--json', result]
  const { status } = spawnSync(join(cwd, 'node_modules/.bin/node'), words, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit']
  })
  if (status !== 0) throw new Error(`the bench of ${cwd} failed`)
  return result
}
