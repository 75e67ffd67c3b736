import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addDecimal,
  castDecimal,
  compareDecimal,
  type Decimal,
  decimalFromDouble,
  decimalToDouble,
  decimalToInteger,
  divideDecimal,
  formatDecimal,
  multiplyDecimal,
  parseDecimal,
  remainderDecimal,
  roundDecimal,
  subtractDecimal,
  truncateDecimal
} from '../../../runtime/sql/decimal.ts'

const decimal = (text: string): Decimal => parseDecimal(text)!
const apply = (f: (a: Decimal, b: Decimal) => Decimal, a: string, b: string) =>
  formatDecimal(f(decimal(a), decimal(b)))

test('text to decimal and back', () => {
  for (const [text, expected] of [
    ['1.50', '1.50'],
    ['-0.005', '-0.005'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    [' 1e3 ', '1000'],
    ['1.5e-3', '0.0015'],
    ['0', '0'],
    ['-0.00', '0.00'],
    ['1e-50', `0.${'0'.repeat(38)}`],
    ['0e999', '0'],
    ['6e-39', `0.${'0'.repeat(37)}1`],
    ['9e-2000', `0.${'0'.repeat(38)}`]
  ] as const)
    assert.equal(formatDecimal(decimal(text)), expected, text)
  for (const text of ['', '.', '1,5', 'abc', '1e', '0x10', '1_000', '--1'])
    assert.equal(parseDecimal(text), null, text)
  for (const text of ['1'.repeat(39), '1e38', '1e999999999'])
    assert.throws(() => parseDecimal(text), { code: 'out-of-range' })
})

// The right column is what PostgreSQL 16 prints for numeric.
test('arithmetic has the scale of PostgreSQL', () => {
  assert.equal(apply(addDecimal, '1.5', '2.25'), '3.75')
  assert.equal(apply(subtractDecimal, '1.50', '1.5'), '0.00')
  assert.equal(apply(multiplyDecimal, '1.50', '2.0'), '3.000')
  assert.equal(apply(divideDecimal, '1', '3'), '0.33333333333333333333')
  assert.equal(apply(divideDecimal, '10', '3'), '3.3333333333333333')
  assert.equal(apply(divideDecimal, '2', '1'), '2.0000000000000000')
  assert.equal(apply(divideDecimal, '100000', '3'), '33333.333333333333')
  assert.equal(apply(divideDecimal, '-7', '2'), '-3.5000000000000000')
  assert.equal(apply(divideDecimal, '1.00000000000000000000', '3'), '0.33333333333333333333')
  assert.equal(apply(remainderDecimal, '-7.5', '2'), '-1.5')
  assert.throws(() => apply(divideDecimal, '1', '0.00'), { code: 'division-by-zero' })
  assert.throws(() => apply(remainderDecimal, '1', '0'), { code: 'division-by-zero' })
  assert.throws(() => apply(multiplyDecimal, '1e20', '1e20'), { code: 'out-of-range' })
})

test('a result of more than 38 digits gives up digits after the point', () => {
  assert.equal(
    apply(multiplyDecimal, `1.${'1'.repeat(30)}`, `1.${'0'.repeat(30)}`),
    `1.${'1'.repeat(30)}${'0'.repeat(7)}`
  )
  assert.equal(apply(addDecimal, '9'.repeat(37), '0.95'), `1${'0'.repeat(37)}`)
})

test('rounding is half away from zero', () => {
  assert.equal(formatDecimal(roundDecimal(decimal('2.5'), 0)), '3')
  assert.equal(formatDecimal(roundDecimal(decimal('-2.5'), 0)), '-3')
  assert.equal(formatDecimal(roundDecimal(decimal('1.2345'), 2)), '1.23')
  assert.equal(formatDecimal(roundDecimal(decimal('1250'), -2)), '1300')
  assert.equal(formatDecimal(roundDecimal(decimal('1.5'), 3)), '1.500')
  assert.equal(formatDecimal(truncateDecimal(decimal('-1.99'), 0)), '-1')
  assert.equal(decimalToInteger(decimal('-1.5')), -2n)
  assert.equal(formatDecimal(castDecimal(decimal('9.995'), 4, 2)), '10.00')
  assert.throws(() => castDecimal(decimal('99.995'), 4, 2), { code: 'out-of-range' })
})

test('comparison and doubles', () => {
  assert.equal(compareDecimal(decimal('1.50'), decimal('1.5')), 0)
  assert.equal(compareDecimal(decimal('-1'), decimal('0.1')), -1)
  assert.equal(compareDecimal(decimal('0.3'), decimal('0.29')), 1)
  assert.equal(formatDecimal(decimalFromDouble(0.1 + 0.2)), '0.3')
  assert.equal(formatDecimal(decimalFromDouble(1e21)), '1000000000000000000000')
  assert.equal(decimalToDouble(decimal('0.1')), 0.1)
  assert.throws(() => decimalFromDouble(NaN), { code: 'out-of-range' })
})
