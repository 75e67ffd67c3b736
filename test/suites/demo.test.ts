import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { findMismatch, type Totals } from '../../examples/fraud/summary.ts'
import { makeTransactions } from '../../examples/fraud/transactions.ts'
import { root } from '../architecture/source-files.ts'

const TRANSACTIONS = 6000

/** What the model answers, in double precision: `test/unit/examples/fraud-model.test.ts` has its weights. */
function countScores(above: number): number {
  let count = 0
  for (const { amount, merchant_risk, location_score } of makeTransactions(TRANSACTIONS, 1)) {
    const score = 1 / (1 + Math.exp(6 - 0.004 * amount - 4 * merchant_risk - 3 * location_score))
    if (score > above) count++
  }
  return count
}

test('the demo feeds, counts and ends by itself', () => {
  const words = ['examples/fraud/demo.ts', '--transactions', String(TRANSACTIONS)]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000
  })
  assert.equal(status, 0, `${stdout}\n${stderr}`)
  const alerts = countScores(0.8)
  const blocked = countScores(0.95)
  assert.match(stdout, /metrics {3}http:\/\/127\.0\.0\.1:\d+\/api\/v1\/kafka\/metrics/)
  assert.match(stdout, /in +6,000 {2}transactions/)
  assert.match(stdout, new RegExp(`out +${alerts} {2}alerts`))
  assert.match(stdout, new RegExp(` ${blocked} {2}BLOCK`))
  assert.match(stdout, new RegExp(` ${alerts - blocked} {2}REVIEW`))
  assert.match(stdout, /speed +[\d,]+ {2}messages\/s/)
  assert.match(stdout, /latency +\d+ ms {2}p50/)
  assert.match(stdout, / \d+ ms {2}p99/)
})

test('a wrong option is said in one sentence', () => {
  const words = ['examples/fraud/demo.ts', '--transactions', 'many']
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stderr, /^demo: --transactions is a whole number from 1 up, not "many"\n/)
})

test('about 4% of the transactions score above 0.80', () => {
  const share = countScores(0.8) / TRANSACTIONS
  assert.ok(share > 0.03 && share < 0.05, String(share))
})

const agreeing: Totals = {
  fed: 9,
  consumed: 9,
  produced: 3,
  received: 3,
  repeated: 0,
  block: 1,
  review: 2,
  seconds: 1,
  feedRate: 1,
  p50: 1,
  p99: 1,
  metricsUrl: ''
}

test('numbers that do not agree are said', () => {
  assert.equal(findMismatch(agreeing), null)
  const cases: readonly (readonly [Partial<Totals>, RegExp])[] = [
    [{ consumed: 8 }, /9 transactions were fed, but the pipeline counts 8/],
    [{ received: 2 }, /the pipeline counts 3 alerts, but fraud-alerts holds 2/],
    [{ repeated: 1 }, /1 alerts came twice/],
    [{ block: 0 }, /neither BLOCK nor REVIEW/]
  ]
  for (const [change, sentence] of cases) {
    assert.match(findMismatch({ ...agreeing, ...change }) ?? 'agrees', sentence)
  }
})
