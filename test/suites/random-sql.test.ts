import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BatchEngine, BatchRefusal } from '../support/batch/batch-engine.ts'
import { makeCase, type RandomCase, showCase } from '../support/random-sql/random-case.ts'
import { type Outcome, runCase } from '../support/random-sql/run-case.ts'
import { shrinkCase } from '../support/random-sql/shrink-case.ts'

/** How many queries run: some 25 a second. Those that the compiler refuses come on top. */
const QUERIES = process.env['CI'] === undefined ? 300 : 5000
/** RANDOM_SQL_SEED=n tries others, and shows the first of them again: seeds count up from it. */
const SEED = Number(process.env['RANDOM_SQL_SEED'] ?? 1)
const SHRINKING = 400

/** What the compiler may say of a query that it cannot keep up to date; of anything else the query is to blame, or the compiler. */
const REFUSALS = new Set([
  ...['not-supported-yet', 'changelog-not-supported', 'join-key-can-fail'],
  ...['join-needs-equality', 'subquery-needs-equality', 'subquery-needs-table'],
  ...['subquery-under-condition', 'insert-needs-key', 'batch-engine']
])

let engine: BatchEngine
before(async () => (engine = await BatchEngine.open()))
after(() => engine[Symbol.dispose]())

test('a query that is kept up to date has the rows that it has when it is asked anew', async t => {
  const refusals = new Map<string, number>()
  let accepted = 0
  let tried = 0
  while (accepted < QUERIES && tried < 2 * QUERIES) {
    const seed = SEED + tried++
    const randomCase = makeCase(seed)
    const outcome = await runSeed(randomCase, seed)
    if (outcome.kind === 'same') accepted++
    else if (outcome.kind === 'wrong') assert.fail(await explain(randomCase, seed, outcome.what))
    else for (const code of outcome.codes) refusals.set(code, (refusals.get(code) ?? 0) + 1)
  }
  const share = ((accepted / tried) * 100).toFixed(0)
  const said = [...refusals].map(([code, count]) => `${code} ${count}`).join(', ')
  t.diagnostic(`${accepted} of ${tried} queries run (${share} %); refused: ${said}`)
  assert.deepEqual(
    [...refusals.keys()].filter(code => !REFUSALS.has(code)),
    []
  )
  assert.equal(accepted, QUERIES, 'most of what is refused was not meant to be')
})

async function runSeed(randomCase: RandomCase, seed: number): Promise<Outcome> {
  try {
    return await runCase(randomCase, engine, seed)
  } catch (cause) {
    // Such as a subquery with a rank in the order of another rank.
    if (cause instanceof BatchRefusal) return { kind: 'refused', codes: ['batch-engine'] }
    throw new Error(`RANDOM_SQL_SEED=${seed}\n${showCase(randomCase)}`, { cause })
  }
}

async function explain(failing: RandomCase, seed: number, what: string): Promise<string> {
  const run = async (smaller: RandomCase): Promise<Outcome | null> => {
    try {
      return await runSeed(smaller, seed)
    } catch {
      // What is left of it is no query any more.
      return null
    }
  }
  const shrunk = await shrinkCase(
    failing,
    async smaller => (await run(smaller))?.kind === 'wrong',
    SHRINKING
  )
  const outcome = await run(shrunk)
  return [
    `RANDOM_SQL_SEED=${seed}: ${what}`,
    showCase(failing),
    `made smaller: ${outcome?.kind === 'wrong' ? outcome.what : what}`,
    showCase(shrunk)
  ].join('\n')
}
