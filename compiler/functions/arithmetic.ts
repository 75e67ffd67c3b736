import { js } from '../code/index.ts'
import type { Expr } from '../ir/index.ts'
import { BIGINT, DECIMAL, DOUBLE, INT, REAL, SMALLINT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'
import {
  temporalDifferences,
  temporalNegations,
  temporalProducts,
  temporalQuotients,
  temporalSums
} from './temporal-arithmetic.ts'

const fails = { canFail: true }
const ofReals = { canFail: true, isExact: true }
const failsForZero = { canFail: true, isSafe: isByOther }

/** Divided by a constant that is not 0; a parameter of a statement may be any number. */
function isByOther([, divisor]: readonly Expr[]): boolean {
  return (
    divisor?.kind === 'Literal' && divisor.parameter === undefined && Number(divisor.value) !== 0
  )
}

export const add: FunctionEntry = defineFunction({
  name: 'add',
  kind: 'operator',
  symbol: '+',
  signatures: [
    signature([SMALLINT, SMALLINT], SMALLINT, callsAtSite('addSmallInt'), fails),
    signature([INT, INT], INT, callsAtSite('addInt'), fails),
    signature([BIGINT, BIGINT], BIGINT, callsAtSite('addBigInt'), fails),
    signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('addDecimal'), fails),
    signature([REAL, REAL], REAL, callsAtSite('addReal'), ofReals),
    signature([DOUBLE, DOUBLE], DOUBLE, callsAtSite('addDouble'), fails),
    ...temporalSums
  ],
  doc: 'Sum. Fails where the type is too small for it.',
  example: '1 + 2 = 3'
})

export const subtract: FunctionEntry = defineFunction({
  name: 'subtract',
  kind: 'operator',
  symbol: '-',
  signatures: [
    signature([SMALLINT, SMALLINT], SMALLINT, callsAtSite('subtractSmallInt'), fails),
    signature([INT, INT], INT, callsAtSite('subtractInt'), fails),
    signature([BIGINT, BIGINT], BIGINT, callsAtSite('subtractBigInt'), fails),
    signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('subtractDecimal'), fails),
    signature([REAL, REAL], REAL, callsAtSite('subtractReal'), ofReals),
    signature([DOUBLE, DOUBLE], DOUBLE, callsAtSite('subtractDouble'), fails),
    ...temporalDifferences
  ],
  doc: 'Difference. Fails where the type is too small for it.',
  example: '3 - 2 = 1'
})

export const multiply: FunctionEntry = defineFunction({
  name: 'multiply',
  kind: 'operator',
  symbol: '*',
  signatures: [
    signature([SMALLINT, SMALLINT], SMALLINT, callsAtSite('multiplySmallInt'), fails),
    signature([INT, INT], INT, callsAtSite('multiplyInt'), fails),
    signature([BIGINT, BIGINT], BIGINT, callsAtSite('multiplyBigInt'), fails),
    signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('multiplyDecimal'), fails),
    signature([REAL, REAL], REAL, callsAtSite('multiplyReal'), ofReals),
    signature([DOUBLE, DOUBLE], DOUBLE, callsAtSite('multiplyDouble'), fails),
    ...temporalProducts
  ],
  doc: 'Product. Fails where the type is too small for it.',
  example: '2 * 3 = 6'
})

export const divide: FunctionEntry = defineFunction({
  name: 'divide',
  kind: 'operator',
  symbol: '/',
  signatures: [
    signature([SMALLINT, SMALLINT], SMALLINT, callsAtSite('divideSmallInt'), fails),
    signature([INT, INT], INT, callsAtSite('divideInt'), fails),
    signature([BIGINT, BIGINT], BIGINT, callsAtSite('divideBigInt'), fails),
    signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('divideDecimal'), fails),
    signature([REAL, REAL], REAL, callsAtSite('divideReal'), ofReals),
    signature([DOUBLE, DOUBLE], DOUBLE, callsAtSite('divideDouble'), fails),
    ...temporalQuotients
  ],
  doc: 'Quotient; of integers, truncated towards zero. Fails for division by zero.',
  example: '7 / 2 = 3'
})

export const modulo: FunctionEntry = defineFunction({
  name: 'modulo',
  kind: 'operator',
  symbol: '%',
  aliases: ['mod'],
  signatures: [
    signature([SMALLINT, SMALLINT], SMALLINT, callsAtSite('moduloInt'), failsForZero),
    signature([INT, INT], INT, callsAtSite('moduloInt'), failsForZero),
    signature([BIGINT, BIGINT], BIGINT, callsAtSite('moduloBigInt'), failsForZero),
    signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('moduloDecimal'), fails)
  ],
  doc: "Rest of the truncating division, with the dividend's sign. Fails for division by zero.",
  example: '-7 % 2 = -1'
})

export const negate: FunctionEntry = defineFunction({
  name: 'negate',
  kind: 'operator',
  symbol: '-',
  signatures: [
    signature([SMALLINT], SMALLINT, callsAtSite('negateSmallInt'), fails),
    signature([INT], INT, callsAtSite('negateInt'), fails),
    signature([BIGINT], BIGINT, callsAtSite('negateBigInt'), fails),
    signature([DECIMAL], DECIMAL, calls('negateDecimal')),
    signature([REAL], REAL, ([value]) => js`-${value!}`, { isExact: true }),
    signature([DOUBLE], DOUBLE, ([value]) => js`-${value!}`),
    ...temporalNegations
  ],
  doc: 'The number with the other sign.',
  example: '-(2) = -2'
})
