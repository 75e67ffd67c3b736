import { js } from '../code/index.ts'
import { BIGINT, DECIMAL, DOUBLE, INT, REAL, SMALLINT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

const fails = { canFail: true }

export const mathFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'abs',
    kind: 'function',
    signatures: [
      signature([SMALLINT], SMALLINT, callsAtSite('absSmallInt'), fails),
      signature([INT], INT, callsAtSite('absInt'), fails),
      signature([BIGINT], BIGINT, callsAtSite('absBigInt'), fails),
      signature([DECIMAL], DECIMAL, calls('absDecimal')),
      signature([REAL], REAL, ([value]) => js`Math.abs(${value!})`, { isExact: true }),
      signature([DOUBLE], DOUBLE, ([value]) => js`Math.abs(${value!})`)
    ],
    doc: 'The number without its sign.',
    example: 'abs(-2) = 2'
  }),
  defineFunction({
    name: 'round',
    kind: 'function',
    signatures: [
      signature(
        [DECIMAL],
        DECIMAL,
        ([value], cx) => js`${cx.use('roundDecimal')}(${value!}, 0, ${cx.site()})`,
        fails
      ),
      signature([DOUBLE], DOUBLE, calls('roundDouble')),
      signature([DECIMAL, INT], DECIMAL, callsAtSite('roundDecimal'), fails),
      signature([DOUBLE, INT], DOUBLE, calls('roundDoubleTo'))
    ],
    cost: 2,
    doc: 'To a whole number or to a number of digits: DECIMAL half away from zero, DOUBLE half to even, with digits by its decimal text.',
    example: 'round(2.675, 2) = 2.68'
  }),
  defineFunction({
    name: 'floor',
    kind: 'function',
    signatures: [
      signature([DECIMAL], DECIMAL, calls('floorDecimal')),
      signature([DOUBLE], DOUBLE, ([value]) => js`Math.floor(${value!})`)
    ],
    doc: 'The next whole number below.',
    example: 'floor(-1.5) = -2'
  }),
  defineFunction({
    name: 'ceil',
    kind: 'function',
    aliases: ['ceiling'],
    signatures: [
      signature([DECIMAL], DECIMAL, calls('ceilDecimal')),
      signature([DOUBLE], DOUBLE, ([value]) => js`Math.ceil(${value!})`)
    ],
    doc: 'The next whole number above.',
    example: 'ceil(1.2) = 2'
  })
]
