import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runScalarQueries, type SltOutcome } from '../support/scalar-slt.ts'

// The scalar queries of a third-party suite: each SELECT without a source runs as a source of one row, generated code,
// optimised and not, beside the slow twin. What fails is in the skip list, with a reason.

const folder = join(import.meta.dirname, '../../../shared/suites/pg-scalar-slt')
const skips = join(import.meta.dirname, 'pg-scalar-slt.skips.json')

/** How many of 1,104 scalar queries pass at least. It only grows. */
const FLOOR = 945

interface Skip {
  readonly reason: string
  /** `functions/abs.slt.part:12` */
  readonly queries: readonly string[]
}

const skip = existsSync(folder) ? false : '1,104 queries skipped: ../shared/suites is absent'

test('pg-scalar-slt', { skip }, async t => {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter(file => file.includes('.slt'))
    .sort()
  const outcomes: SltOutcome[] = []
  for (const [i, file] of files.entries()) {
    const text = readFileSync(join(folder, file), 'utf8')
    const own = await runScalarQueries(file, text, `slt-${i}`)
    if (own.length > 0) t.diagnostic(`${file}: ${countPassed(own)} of ${own.length}`)
    outcomes.push(...own)
  }
  const passed = countPassed(outcomes)
  const rate = ((100 * passed) / outcomes.length).toFixed(1)
  t.diagnostic(`${passed} of ${outcomes.length} scalar queries pass: ${rate}%`)
  for (const line of mostFrequent(outcomes)) t.diagnostic(line)

  const reasons = JSON.parse(readFileSync(skips, 'utf8')) as readonly Skip[]
  const skipped = new Set(reasons.flatMap(({ queries }) => queries))
  const failed = outcomes.filter(({ fault }) => fault !== null)
  assert.deepEqual(
    failed.filter(({ place }) => !skipped.has(place)),
    [],
    'queries that fail without a reason in pg-scalar-slt.skips.json'
  )
  const failedPlaces = new Set(failed.map(({ place }) => place))
  assert.deepEqual(
    [...skipped].filter(place => !failedPlaces.has(place)),
    [],
    'queries that pass: take them out of pg-scalar-slt.skips.json, and raise the floor'
  )
  assert.ok(reasons.every(({ reason }) => reason.length > 20))
  assert.ok(passed >= FLOOR, `${passed} queries pass, of at least ${FLOOR}`)
  assert.ok(passed / outcomes.length >= 0.85)
})

function countPassed(outcomes: readonly SltOutcome[]): number {
  return outcomes.filter(({ fault }) => fault === null).length
}

/** The faults that most queries have, without what differs between them. */
function mostFrequent(outcomes: readonly SltOutcome[]): string[] {
  const faults = outcomes.flatMap(({ fault }) => fault ?? []).map(fault => fault.slice(0, 80))
  const counts = Map.groupBy(faults, fault => fault)
  return [...counts]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 8)
    .map(([fault, all]) => `${all.length} times: ${fault}`)
}
