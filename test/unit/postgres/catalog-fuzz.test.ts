import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Asked } from '../../../runtime/access/asked.ts'
import type { Relation } from '../../../runtime/contract/index.ts'
import { answerCatalog, type SessionFacts } from '../../../runtime/postgres/catalog/index.ts'
import { SqlStateError } from '../../../runtime/postgres/sql-state-error.ts'
import { partEnd } from '../../../runtime/sql/statement-bounds.ts'
import { isSqlFailure } from '../../../runtime/sql/failure.ts'
import { makeRandom, type Random } from '../../support/functions/random-value.ts'
import { readStatements } from '../../support/queries/asked-tables.ts'

const relations: readonly Relation[] = [
  {
    schema: 'public',
    name: 'orders',
    columns: [
      { name: 'id', type: { kind: 'BigInt' }, nullable: false },
      { name: 'who', type: { kind: 'Text' }, nullable: true }
    ],
    key: [0]
  }
]
const asked = { relations: () => relations } as Asked
const facts: SessionFacts = {
  ...{ user: 'reader', database: 'catalog', processId: 1, now: 0 },
  setting: name => (name === 'search_path' ? 'public' : null),
  settings: () => [['search_path', 'public']],
  set: () => {}
}

/** Whether the question is answered; false: it is refused with a reason. Anything else is a bug. */
function isAnswered(query: string): boolean {
  try {
    answerCatalog(query, asked, facts)
    return true
  } catch (error) {
    if (error instanceof SqlStateError || isSqlFailure(error)) return false
    throw new Error(`seed of ${query}`, { cause: error })
  }
}

function partsOf(query: string): string[] {
  const parts: string[] = []
  for (let at = 0; at < query.length; at = partEnd(query, at)) {
    parts.push(query.slice(at, partEnd(query, at)))
  }
  return parts
}

/** With some parts gone, there twice, or in the place of others. */
function spoil(query: string, random: Random): string {
  const parts = partsOf(query)
  for (let i = 0; i < 1 + random(3); i++) {
    const [at, other] = [random(parts.length), random(parts.length)]
    const turn = random(10)
    if (turn < 3) parts.splice(at, 1)
    else if (turn < 5) parts.splice(at, 0, parts[other]!)
    else parts[at] = parts[other]!
  }
  return parts.join('')
}

test('a question of the catalogue that is spoilt is answered, or refused with a reason', () => {
  let answered = 0
  let refused = 0
  for (const [i, query] of readStatements('catalog-queries.sql').entries()) {
    for (let seed = 0; seed < 40; seed++) {
      if (isAnswered(spoil(query, makeRandom(i * 1000 + seed)))) answered++
      else refused++
    }
  }
  assert.ok(answered > 200, `${answered} answers`)
  assert.ok(refused > 300, `${refused} refusals`)
})

test('what would take long, or is too deep or too long, is refused', () => {
  const all = Array.from({ length: 6 }, (_, i) => `pg_type t${i}`).join(', ')
  for (const [query, why] of [
    [`SELECT count(*) FROM ${all}`, /takes too long/],
    [
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n',
      /takes too long/
    ],
    ['SELECT generate_series(1, 1000000000), current_database()', /too long/],
    [`SELECT ${'('.repeat(5000)}1${')'.repeat(5000)} FROM pg_class`, /too deep/],
    [`SELECT ${'NOT '.repeat(5000)}true FROM pg_class`, /too deep/],
    [`SELECT ${'1+'.repeat(30_000)}1 FROM pg_class`, /too long/]
  ] as const) {
    assert.throws(() => answerCatalog(query, asked, facts), why)
  }
})
