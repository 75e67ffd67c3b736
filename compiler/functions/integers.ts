import { js } from '../code/index.ts'
import { arrayOf, BIGINT, DECIMAL, DOUBLE, INT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { emitComparer } from './comparer.ts'
import { comparableElement } from './element-types.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

const fails = { canFail: true }

/** Of whole numbers, and of parts of them. */
export const integerFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'trunc',
    kind: 'function',
    aliases: ['truncate'],
    signatures: [
      signature(
        [DECIMAL],
        DECIMAL,
        ([value], cx) => js`${cx.use('truncDecimal')}(${value!}, 0, ${cx.site()})`,
        fails
      ),
      signature([DOUBLE], DOUBLE, ([value]) => js`Math.trunc(${value!})`),
      signature([DECIMAL, INT], DECIMAL, callsAtSite('truncDecimal'), fails),
      signature([DOUBLE, INT], DOUBLE, calls('truncDoubleTo'))
    ],
    cost: 2,
    doc: 'Towards zero, to a whole number or to a number of digits; DOUBLE with digits by its decimal text.',
    example: 'trunc(-42.4382, 2) = -42.43'
  }),
  defineFunction({
    name: 'div',
    kind: 'function',
    signatures: [signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('divDecimal'), fails)],
    cost: 3,
    doc: 'The whole part of the quotient. Fails for division by zero.',
    example: 'div(9, 4) = 2'
  }),
  defineFunction({
    name: 'gcd',
    kind: 'function',
    signatures: [
      signature([INT, INT], INT, callsAtSite('gcdInt'), fails),
      signature([BIGINT, BIGINT], BIGINT, callsAtSite('gcdBigInt'), fails),
      signature([DECIMAL, DECIMAL], DECIMAL, calls('gcdDecimal'))
    ],
    cost: 5,
    doc: 'The greatest number that divides both without a rest; 0 for two zeros.',
    example: 'gcd(1071, 462) = 21'
  }),
  defineFunction({
    name: 'lcm',
    kind: 'function',
    signatures: [
      signature([INT, INT], INT, callsAtSite('lcmInt'), fails),
      signature([BIGINT, BIGINT], BIGINT, callsAtSite('lcmBigInt'), fails),
      signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('lcmDecimal'), fails)
    ],
    cost: 5,
    doc: 'The least number above 0 that both divide without a rest; 0 beside a zero.',
    example: 'lcm(1071, 462) = 23562'
  }),
  defineFunction({
    name: 'width_bucket',
    kind: 'function',
    signatures: [
      signature([DECIMAL, DECIMAL, DECIMAL, INT], INT, callsAtSite('widthBucketDecimal'), {
        canFail: true,
        needsDecimal: true
      }),
      signature([DOUBLE, DOUBLE, DOUBLE, INT], INT, callsAtSite('widthBucketDouble'), fails)
    ],
    generic: {
      shown: [{ params: 'T, T[]', result: 'INT' }],
      resolve([value, bounds]) {
        if (value === undefined || bounds?.type.kind !== 'Array') return null
        const element = comparableElement(bounds, [value])
        if (element === null) return null
        return signature(
          [element, arrayOf(element)],
          INT,
          ([each, list], cx) => {
            return js`${cx.use('widthBucketOf')}(${each!}, ${list!}, ${emitComparer(element, cx)}, ${cx.site()})`
          },
          fails
        )
      }
    },
    cost: 4,
    doc: 'Which of so many equal parts between two bounds holds the first argument, from 1; 0 before the first part, one more than there are behind the last. Or how many of an ascending array of bounds are not above it.',
    example: 'width_bucket(5.35, 0.024, 10.06, 5) = 3'
  })
]
