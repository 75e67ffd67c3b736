import { js } from '../code/index.ts'
import { BIGINT, DECIMAL, DOUBLE } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry, type RuntimeName } from './entry.ts'

const fails = { canFail: true }
/** PostgreSQL computes with DECIMAL only where an argument is one; integers become DOUBLE. */
const decimalOnly = { canFail: true, needsDecimal: true }

function oneNumber(
  name: string,
  double: RuntimeName,
  decimal: RuntimeName,
  rest: Pick<FunctionEntry, 'doc' | 'example'> & Partial<Pick<FunctionEntry, 'aliases'>>
): FunctionEntry {
  return defineFunction({
    name,
    kind: 'function',
    signatures: [
      signature([DECIMAL], DECIMAL, callsAtSite(decimal), decimalOnly),
      signature([DOUBLE], DOUBLE, callsAtSite(double), fails)
    ],
    cost: 10,
    ...rest
  })
}

export const powerFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'power',
    kind: 'function',
    aliases: ['pow'],
    signatures: [
      signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('powerDecimal'), decimalOnly),
      signature([DOUBLE, DOUBLE], DOUBLE, callsAtSite('powerDouble'), fails)
    ],
    cost: 10,
    doc: 'The first argument to the power of the second, also a ^ b; DOUBLE for integers, for DECIMAL with at least 16 significant digits.',
    example: 'power(2, 10) = 1024'
  }),
  oneNumber('sqrt', 'sqrtDouble', 'sqrtDecimal', {
    doc: 'The square root; DOUBLE for integers. Fails for negative numbers.',
    example: 'sqrt(2.25) = 1.5'
  }),
  defineFunction({
    name: 'cbrt',
    kind: 'function',
    signatures: [signature([DOUBLE], DOUBLE, ([value]) => js`Math.cbrt(${value!})`)],
    cost: 5,
    doc: 'The cube root, as DOUBLE.',
    example: 'cbrt(27) = 3'
  }),
  defineFunction({
    name: 'square_root',
    kind: 'operator',
    symbol: '|/',
    signatures: [signature([DOUBLE], DOUBLE, callsAtSite('sqrtDouble'), fails)],
    cost: 5,
    doc: 'The square root, as DOUBLE. Fails for negative numbers.',
    example: '|/ 25 = 5'
  }),
  defineFunction({
    name: 'cube_root',
    kind: 'operator',
    symbol: '||/',
    signatures: [signature([DOUBLE], DOUBLE, ([value]) => js`Math.cbrt(${value!})`)],
    cost: 5,
    doc: 'The cube root, as DOUBLE.',
    example: '||/ 27 = 3'
  }),
  oneNumber('exp', 'expDouble', 'expDecimal', {
    doc: 'e to the power of the argument; DOUBLE for integers.',
    example: 'round(exp(1.0), 4) = 2.7183'
  }),
  oneNumber('ln', 'lnDouble', 'lnDecimal', {
    doc: 'The natural logarithm; DOUBLE for integers. Fails for numbers not above 0.',
    example: 'round(ln(2.0), 4) = 0.6931'
  }),
  oneNumber('log10', 'log10Double', 'log10Decimal', {
    doc: 'The logarithm to the base 10; DOUBLE for integers.',
    example: 'log10(1000) = 3'
  }),
  defineFunction({
    name: 'log',
    kind: 'function',
    signatures: [
      signature([DECIMAL], DECIMAL, callsAtSite('log10Decimal'), decimalOnly),
      signature([DOUBLE], DOUBLE, callsAtSite('log10Double'), fails),
      signature([DECIMAL, DECIMAL], DECIMAL, callsAtSite('logDecimal'), fails),
      signature([DOUBLE, DOUBLE], DOUBLE, callsAtSite('logDouble'), fails)
    ],
    cost: 10,
    doc: 'The logarithm to the base 10, or of the second argument to the base of the first: that as DECIMAL unless one is DOUBLE.',
    example: 'log(2, 64) = 6'
  }),
  defineFunction({
    name: 'factorial',
    kind: 'function',
    signatures: [signature([BIGINT], DECIMAL, callsAtSite('factorial'), fails)],
    cost: 10,
    doc: 'The product of all whole numbers up to the argument, which is at most 33.',
    example: 'factorial(5) = 120'
  }),
  defineFunction({
    name: 'gamma',
    kind: 'function',
    signatures: [signature([DOUBLE], DOUBLE, callsAtSite('gamma'), fails)],
    cost: 30,
    doc: 'The gamma function, exact to about 14 digits. Fails at 0 and the negative whole numbers.',
    example: 'gamma(5) = 24'
  }),
  defineFunction({
    name: 'lgamma',
    kind: 'function',
    signatures: [signature([DOUBLE], DOUBLE, callsAtSite('lgamma'), fails)],
    cost: 30,
    doc: "The natural logarithm of the gamma function's magnitude, exact to about 14 digits.",
    example: 'lgamma(2) = 0'
  }),
  defineFunction({
    name: 'random',
    kind: 'function',
    signatures: [signature([], DOUBLE, () => js`Math.random()`)],
    cost: 3,
    volatile: true,
    doc: 'A random number from 0 up to, but not including, 1; another one for each call.',
    example: 'random() < 1'
  }),
  defineFunction({
    name: 'sign',
    kind: 'function',
    signatures: [
      signature([DECIMAL], DECIMAL, calls('signDecimal')),
      signature([DOUBLE], DOUBLE, calls('signDouble'))
    ],
    doc: '-1, 0 or 1.',
    example: 'sign(-8.4) = -1'
  })
]
