import { js, type Code } from '../code/index.ts'
import { BIGINT, INT, SMALLINT, type SqlType } from '../types/index.ts'
import { calls } from './calls.ts'
import { defineFunction, signature, type FunctionEntry, type RuntimeName } from './entry.ts'

/** JavaScript's operators are those of 32 bits. */
type Operator = (a: Code, b: Code) => Code

/** Of both, in every integer type. */
function ofBoth(
  name: string,
  symbol: string,
  operator: Operator,
  runtime: RuntimeName,
  doc: string,
  example: string
): FunctionEntry {
  return defineFunction({
    name,
    kind: 'operator',
    symbol,
    signatures: [
      ...[SMALLINT, INT].map(type => signature([type, type], type, ([a, b]) => operator(a!, b!))),
      signature([BIGINT, BIGINT], BIGINT, calls(runtime))
    ],
    doc,
    example
  })
}

/** What is shifted out is gone; a SMALLINT keeps 16 bits. As in C, only the lowest bits of the count matter. */
function shift(
  name: string,
  symbol: string,
  operator: Operator,
  runtime: RuntimeName,
  doc: string,
  example: string
): FunctionEntry {
  const of = (type: SqlType, emit: Operator) =>
    signature([type, INT], type, ([a, b]) => emit(a!, b!))
  return defineFunction({
    name,
    kind: 'operator',
    symbol,
    signatures: [
      of(SMALLINT, (a, b) => js`(${operator(a, b)}) << 16 >> 16`),
      of(INT, operator),
      signature([BIGINT, INT], BIGINT, calls(runtime))
    ],
    doc,
    example
  })
}

/** Bits of integers. */
export const bitwiseFunctions: readonly FunctionEntry[] = [
  ofBoth(
    'bits_and',
    '&',
    (a, b) => js`${a} & ${b}`,
    'andBits',
    'The bits that both have.',
    '12 & 10 = 8'
  ),
  ofBoth(
    'bits_or',
    '|',
    (a, b) => js`${a} | ${b}`,
    'orBits',
    'The bits that one has.',
    '12 | 10 = 14'
  ),
  ofBoth(
    'bits_xor',
    '#',
    (a, b) => js`${a} ^ ${b}`,
    'xorBits',
    'The bits that only one has.',
    '12 # 10 = 6'
  ),
  defineFunction({
    name: 'bits_not',
    kind: 'operator',
    symbol: '~',
    signatures: [
      ...[SMALLINT, INT].map(type => signature([type], type, ([a]) => js`~${a!}`)),
      signature([BIGINT], BIGINT, calls('notBits'))
    ],
    doc: 'The bits that it has not. Takes the whole sum behind it.',
    example: '~1 = -2'
  }),
  shift(
    'shift_left',
    '<<',
    (a, b) => js`${a} << ${b}`,
    'shiftLeft',
    'The bits so many places higher.',
    '1 << 4 = 16'
  ),
  shift(
    'shift_right',
    '>>',
    (a, b) => js`${a} >> ${b}`,
    'shiftRight',
    'The bits so many places lower; the sign stays.',
    '-8 >> 1 = -4'
  )
]
