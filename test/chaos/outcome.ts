import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeRandom, type Random } from '../support/functions/random-value.ts'

/** `npm run chaos`: more of everything. */
export const isFull = process.env['CHAOS'] === 'full'
/** Whether librdkafka fetches and sends, and not connections of the pipeline's own. */
export const isByLibrdkafka = process.env['MIRACLEC_PRODUCE'] === 'librdkafka'
const seed = Number(process.env['CHAOS_SEED'] ?? 20_261_127)

/** What becomes of a pipeline, by what happens to it: the table of the README. */
export const outcomes: ReadonlyMap<string, string> = readOutcomes()

function readOutcomes(): ReadonlyMap<string, string> {
  const text = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  const rows = [...text.matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)].map(([, what, then]) => [
    what!,
    then!
  ])
  return new Map(rows.slice(1).filter(([what]) => !/^:?-+$/.test(what!)) as [string, string][])
}

/** The test of a row of the table; it is told by the row's words. */
export function outcome(what: string, run: (random: Random) => Promise<void>): void {
  const expected = outcomes.get(what)
  if (expected === undefined) throw new Error(`the table in test/chaos/README.md has no "${what}"`)
  test(`${what}: ${expected}`, async t => {
    t.diagnostic(`CHAOS_SEED=${seed}`)
    await run(makeRandom(seed))
  })
}
