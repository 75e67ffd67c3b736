import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeDecimal } from '../../../runtime/sql/decimal.ts'
import { makeInterval } from '../../../runtime/sql/interval.ts'
import { tableKey } from '../../../runtime/state/table-key.ts'

const day = 86_400_000

/** Values that SQL calls equal, and one that it does not. */
const cases: readonly (readonly [name: string, equal: readonly unknown[], other: unknown])[] = [
  ['DECIMAL', [makeDecimal(150n, 2), makeDecimal(15n, 1)], makeDecimal(15n, 2)],
  [
    'INTERVAL',
    [makeInterval(1, 0, 0), makeInterval(0, 30, 0), makeInterval(0, 31, -day)],
    makeInterval(0, 30, 1)
  ],
  [
    'MAP',
    [
      new Map([
        ['a', 1],
        ['b', 2]
      ]),
      new Map([
        ['b', 2],
        ['a', 1]
      ])
    ],
    new Map([
      ['a', 2],
      ['b', 1]
    ])
  ],
  ['MAP of NULL', [new Map([['a', null]]), new Map([['a', null]])], new Map()],
  [
    'ARRAY',
    [
      [1, null],
      [1, null]
    ],
    [null, 1]
  ],
  [
    'ARRAY of TEXT',
    [
      ['null', 'a'],
      ['null', 'a']
    ],
    [null, 'a']
  ],
  [
    'ARRAY of ARRAY',
    [
      [[1], [2]],
      [[1], [2]]
    ],
    [[1, 2], []]
  ],
  ['ROW of DECIMAL', [[makeDecimal(10n, 1)], [makeDecimal(1n, 0)]], [makeDecimal(1n, 1)]],
  ['BYTES', [new Uint8Array([255]), Buffer.from([255])], new Uint8Array([254])],
  ['VECTOR', [Float64Array.of(-0, 1), Float64Array.of(0, 1)], Float64Array.of(1, 0)]
]

for (const [name, equal, other] of cases) {
  test(`${name}: equal values, and only those, make one key`, () => {
    for (const more of [[], ['x']]) {
      const keys = new Set(equal.map(value => tableKey(value, ...more)))
      assert.equal(keys.size, 1)
      assert.ok(!keys.has(tableKey(other, ...more)))
    }
  })
}
