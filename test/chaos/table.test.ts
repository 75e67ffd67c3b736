import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { outcomes } from './outcome.ts'

test('each row of the table has one test', () => {
  const files = globSync(join(import.meta.dirname, '*.test.ts'))
  const told = files.flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/^ +outcome\('([^']+)'/gm)].map(([, what]) => what!)
  )
  assert.deepEqual(told.sort(), [...outcomes.keys()].sort())
})
