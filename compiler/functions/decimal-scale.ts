import { js } from '../code/index.ts'
import { DECIMAL, INT } from '../types/index.ts'
import { calls } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

/** The digits of a DECIMAL behind its point. */
export const decimalScaleFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'scale',
    kind: 'function',
    signatures: [signature([DECIMAL], INT, ([value]) => js`${value!}.scale`)],
    doc: 'The number of digits behind the point, zeros included.',
    example: 'scale(8.4100) = 4'
  }),
  defineFunction({
    name: 'min_scale',
    kind: 'function',
    signatures: [
      signature([DECIMAL], INT, ([value], cx) => js`${cx.use('trimScale')}(${value!}).scale`)
    ],
    cost: 2,
    doc: 'The number of digits behind the point that the value needs.',
    example: 'min_scale(8.4100) = 2'
  }),
  defineFunction({
    name: 'trim_scale',
    kind: 'function',
    signatures: [signature([DECIMAL], DECIMAL, calls('trimScale'))],
    cost: 2,
    doc: 'The value without zeros at the end of its digits behind the point.',
    example: "CAST(trim_scale(8.4100) AS TEXT) = '8.41'"
  })
]
