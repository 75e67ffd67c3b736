import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TableRow } from '../../../runtime/contract/index.ts'
import { decodeRow, encodeRow } from '../../../runtime/state/state-codec.ts'

const numbers = [0, 1, 9, 10, 99, 2147483647, 2147483648, -1, 0.5, -1e-7, 1e21, 5e-324]
const texts = ['', 'a', ' ~', 'a"b', 'a\\b', 'a\nb', 'Zoë', '\u2028', '\ud800', 'x'.repeat(70_000)]
const plain: readonly unknown[] = [null, true, false, ...numbers, 2 ** 53 - 1, ...texts]
const tagged: readonly unknown[] = [-0, NaN, -Infinity, 2n ** 53n + 1n, ['a', null]]

test('rows come back as they were, many in a row and of any length', () => {
  const rows: TableRow[] = [[], plain, tagged, ...[...plain, ...tagged].map(value => [value])]
  for (let i = 0; i < 20_000; i++) {
    rows.push([i, plain[i % plain.length === plain.length - 1 ? 0 : i % plain.length], `row ${i}`])
  }
  const encoded = rows.map(encodeRow)
  rows.forEach((row, i) => assert.deepEqual(decodeRow(encoded[i]!), row))
})

test('what JSON can say stands there as JSON says it', () => {
  for (const value of plain) {
    const row = [value, 'behind']
    assert.equal(Buffer.from(encodeRow(row)).toString(), JSON.stringify(row))
  }
})
