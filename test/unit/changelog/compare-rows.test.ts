import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RowType } from '../../../compiler/types/index.ts'
import { assertSameRows, compareRows } from '../../support/changelog/compare-rows.ts'

const schema: RowType = {
  columns: [
    { name: 'a', type: { kind: 'BigInt' }, nullable: true },
    { name: 'd', type: { kind: 'Double' }, nullable: true }
  ]
}
const row = (a: string, d = '1'): string => `{"a":${a},"d":${d}}`
const same = { missing: [], extra: [] }

test('rows are a bag: their order does not count, how often they come does', () => {
  assert.deepEqual(compareRows([row('1'), row('2')], [row('2'), row('1')], schema, 0), same)
  assert.deepEqual(compareRows([row('1')], [row('1'), row('1')], schema, 0), {
    missing: [row('1')],
    extra: []
  })
  assert.deepEqual(compareRows([row('1'), row('1')], [row('1')], schema, 0), {
    missing: [],
    extra: [row('1')]
  })
})

test('numbers are compared by value, with all of their digits', () => {
  for (const [left, right] of [
    ['1.50', '1.5'],
    ['100', '1e2'],
    ['-0', '0'],
    ['0.0', '0e5'],
    ['0.0012', '12e-4']
  ]) {
    assert.deepEqual(compareRows([row(left!)], [row(right!)], schema, 0), same)
  }
  for (const [left, right] of [
    ['9007199254740993', '9007199254740992'],
    ['1', '-1'],
    ['10', '1'],
    ['1', '"1"'],
    ['0', 'null'],
    ['null', 'false']
  ]) {
    assert.equal(compareRows([row(left!)], [row(right!)], schema, 1).extra.length, 1)
  }
})

test('only a DOUBLE may be off, and only by the tolerance', () => {
  const actual = [row('1', '1000.001'), row('1', '0.1')]
  const expected = [row('1', '0.10000001'), row('1', '1000.002')]
  assert.deepEqual(compareRows(actual, expected, schema, 1e-5), same)
  assert.equal(compareRows(actual, expected, schema, 1e-9).extra.length, 2)
  assert.equal(compareRows([row('1', 'null')], [row('1', '0')], schema, 1).extra.length, 1)
})

test('names and order of columns count', () => {
  assert.equal(compareRows(['{"b":1,"d":1}'], [row('1')], schema, 0).extra.length, 1)
  assert.equal(compareRows(['{"d":1,"a":1}'], [row('1')], schema, 0).extra.length, 1)
})

test('a failure shows the rows that only one side has', () => {
  assert.throws(
    () => assertSameRows([row('1')], [row('2'), row('3')], schema, 0, 'q'),
    /q: 1 rows, expected 2\nmissing \{"a":2,"d":1\}\nmissing \{"a":3,"d":1\}\nextra \{"a":1,"d":1\}/
  )
})
