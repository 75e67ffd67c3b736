import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ChangelogFold,
  type ChangelogFormat,
  foldChangelog
} from '../../support/changelog/fold-changelog.ts'
import { type FixtureRecord, toBytes } from '../../support/records.ts'

type Line = readonly [op: FixtureRecord['op'], key: string | null, value: string | null]

function fold(format: ChangelogFormat, lines: readonly Line[]): ChangelogFold {
  const records = lines.map(([op, key, value]) => ({
    ...{ key: toBytes(key), value: toBytes(value), op, timestamp: 0, partition: 0, error: null }
  }))
  return foldChangelog(records, format)
}

const envelope = (op: string, before: string, after: string): string =>
  `{"before":${before},"after":${after},"op":"${op}","ts_ms":1}`

test('rows that are only added are a bag', () => {
  const { problems, rows } = fold('append', [
    [null, null, '{"a":1}'],
    [null, 'k', '{"a":1}']
  ])
  assert.deepEqual(rows(), ['{"a":1}', '{"a":1}'])
  assert.deepEqual(problems, [])
})

test('a change among rows that are only added is a problem', () => {
  assert.equal(fold('append', [['u', '1', '{"a":1}']]).problems.length, 1)
  assert.equal(fold('append', [[null, '1', null]]).problems.length, 1)
})

test('after-images replace the row of their key, before-images delete it', () => {
  const { problems, rows } = fold('json', [
    ['c', '1', '{"a":1}'],
    ['c', '2', '{"a":2}'],
    ['u', '1', '{"a":1.50}'],
    ['d', '2', '{"a":2}'],
    ['c', '2', '{"a":3}']
  ])
  assert.deepEqual(rows(), ['{"a":1.50}', '{"a":3}'])
  assert.deepEqual(problems, [])
})

test('two spellings of a before-image are one', () => {
  const { problems } = fold('json', [
    ['c', '1', '{"a":1.50}'],
    ['d', '1', '{"a":15e-1}']
  ])
  assert.deepEqual(problems, [])
})

test('without a key, rows are a bag, and an update cannot be followed', () => {
  const { problems, rows } = fold('json', [
    ['c', null, '{"a":1}'],
    ['c', null, '{"a":1}'],
    ['d', null, '{"a":1}'],
    ['u', null, '{"a":2}']
  ])
  assert.deepEqual(rows(), ['{"a":1}'])
  assert.deepEqual(problems, ['no change that can be followed: u null {"a":2}'])
})

test('a change of a row that is not there, or another than it says, is a problem', () => {
  const wrong: readonly (readonly Line[])[] = [
    [['u', '1', '{"a":1}']],
    [['d', '1', '{"a":1}']],
    [['d', null, '{"a":1}']],
    [['c', '1', null]],
    [
      ['c', '1', '{"a":1}'],
      ['c', '1', '{"a":2}']
    ],
    [
      ['c', '1', '{"a":1}'],
      ['d', '1', '{"a":2}']
    ]
  ]
  for (const lines of wrong) assert.equal(fold('json', lines).problems.length, 1)
})

test('an upsert holds the last value of each key, and null deletes', () => {
  const { problems, rows } = fold('upsert', [
    ['c', '1', '{"a":1}'],
    ['u', '1', '{"a":2}'],
    [null, '1', '{"a":3}'],
    ['c', '2', '{"a":4}'],
    ['d', '2', null]
  ])
  assert.deepEqual(rows(), ['{"a":3}'])
  assert.deepEqual(problems, [])
})

test('an upsert without a key, and the deletion of what is not there, are problems', () => {
  assert.equal(fold('upsert', [['c', null, '{"a":1}']]).problems.length, 1)
  assert.equal(fold('upsert', [['d', '1', null]]).problems.length, 1)
})

test('an envelope says what was there before', () => {
  const { problems, rows } = fold('debezium', [
    ['c', '1', envelope('c', 'null', '{"a":9007199254740993}')],
    ['u', '1', envelope('u', '{"a":9007199254740993}', '{"a":2}')],
    ['c', '2', envelope('c', 'null', '{"a":"},\\"after\\":{"}')],
    ['c', null, envelope('c', 'null', '{"a":5}')],
    ['u', null, envelope('u', '{"a":5}', '{"a":6}')],
    ['d', '1', envelope('d', '{"a":2}', 'null')]
  ])
  assert.deepEqual(rows(), ['{"a":"},\\"after\\":{"}', '{"a":6}'])
  assert.deepEqual(problems, [])
})

test('an envelope that says something else than its images, or a row before that was not, is a problem', () => {
  const created: Line = ['c', '1', envelope('c', 'null', '{"a":9007199254740993}')]
  const wrong: readonly (readonly Line[])[] = [
    [['c', '1', '{"a":1}']],
    [['c', '1', null]],
    [['u', '1', envelope('u', 'null', '{"a":1}')]],
    [['d', '1', envelope('c', '{"a":1}', 'null')]],
    [['d', '1', envelope('d', '{"a":1}', 'null')]],
    [created, ['u', '1', envelope('u', '{"a":9007199254740992}', '{"a":2}')]],
    [created, ['d', '1', envelope('d', '{"a":9007199254740992}', 'null')]],
    [created, created]
  ]
  for (const lines of wrong) assert.equal(fold('debezium', lines).problems.length, 1)
})
