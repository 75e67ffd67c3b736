import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from './support.ts'

const text = readFileSync(new URL('./fixtures/reference.sql', import.meta.url), 'utf8')

test('every statement of the reference parses as printed', () => {
  const counts = new Map<string, number>()
  for (const { kind } of parse(text)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  assert.deepEqual(Object.fromEntries(counts), {
    CreateSource: 12,
    CreateSink: 9,
    Show: 4,
    Drop: 2,
    CreateModel: 1,
    Insert: 2,
    CreateTableAs: 1,
    CreateTable: 1,
    Update: 1,
    QueryStatement: 5,
    Alter: 2
  })
})

test('spans are places in the script', () => {
  for (const statement of parse(text)) {
    const { file, start, end } = statement.span
    assert.match(file.text.slice(start, start + 6), /^[A-Z]{4,6}/)
    assert.equal(file.text[end], ';')
  }
})
