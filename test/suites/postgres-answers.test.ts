import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { answerCalls, type PostgresAnswer } from '../support/functions/answer-calls.ts'

// Random calls with the answers that PostgreSQL 15 gave when they were recorded: see support/functions/record-postgres.ts.

interface Recorded {
  readonly call: string
  readonly answer: PostgresAnswer
}

const file = join(import.meta.dirname, '../fixtures/postgres/functions.jsonl')

test('calls answer as PostgreSQL 15 did', async () => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const recorded = lines.map(line => JSON.parse(line) as Recorded)
  const found = await answerCalls(
    recorded.map(({ call }) => call),
    'postgres'
  )
  const wrong = recorded
    .map(({ call, answer }, i) => ({ call, answer, found: found[i] }))
    .filter(({ answer, found }) => JSON.stringify(answer) !== JSON.stringify(found))
  assert.deepEqual(wrong, [])
})
