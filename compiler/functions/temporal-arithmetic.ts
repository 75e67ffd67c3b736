import { js } from '../code/index.ts'
import { DATE, DOUBLE, INT, INTERVAL, TIME, TIMESTAMP, TIMESTAMPTZ } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { signature, type RuntimeName, type Signature } from './entry.ts'

const fails = { canFail: true }

/** `a + b` for a runtime function that takes (b, a). */
function swapped(name: RuntimeName): Signature['emit'] {
  return ([left, right], cx) => js`${cx.use(name)}(${right!}, ${left!}, ${cx.site()})`
}

export const temporalSums: readonly Signature[] = [
  signature([TIMESTAMP, INTERVAL], TIMESTAMP, callsAtSite('addToTimestamp'), fails),
  signature([TIMESTAMPTZ, INTERVAL], TIMESTAMPTZ, callsAtSite('addToTimestamp'), fails),
  signature([DATE, INTERVAL], TIMESTAMP, callsAtSite('addToDate'), fails),
  signature(
    [DATE, INT],
    DATE,
    ([days, count], cx) => js`${cx.use('checkDate')}(${days!} + ${count!}, ${cx.site()})`,
    fails
  ),
  signature([DATE, TIME], TIMESTAMP, callsAtSite('dateAtTime'), fails),
  signature([TIME, INTERVAL], TIME, calls('addToTime')),
  signature([INTERVAL, INTERVAL], INTERVAL, callsAtSite('addInterval'), fails),
  signature([INTERVAL, TIMESTAMP], TIMESTAMP, swapped('addToTimestamp'), fails),
  signature([INTERVAL, TIMESTAMPTZ], TIMESTAMPTZ, swapped('addToTimestamp'), fails),
  signature([INTERVAL, DATE], TIMESTAMP, swapped('addToDate'), fails),
  signature(
    [INT, DATE],
    DATE,
    ([count, days], cx) => js`${cx.use('checkDate')}(${days!} + ${count!}, ${cx.site()})`,
    fails
  ),
  signature([TIME, DATE], TIMESTAMP, swapped('dateAtTime'), fails),
  signature(
    [INTERVAL, TIME],
    TIME,
    ([interval, time], cx) => js`${cx.use('addToTime')}(${time!}, ${interval!})`
  )
]

// Of two overloads that fit a string literal as well, PostgreSQL takes it as the other operand's type: so those come first.
export const temporalDifferences: readonly Signature[] = [
  signature([DATE, DATE], INT, ([left, right]) => js`${left!} - ${right!}`),
  signature([TIMESTAMP, TIMESTAMP], INTERVAL, calls('timestampDifference')),
  signature([TIMESTAMPTZ, TIMESTAMPTZ], INTERVAL, calls('timestampDifference')),
  signature([TIME, TIME], INTERVAL, calls('timeDifference')),
  signature([INTERVAL, INTERVAL], INTERVAL, callsAtSite('subtractInterval'), fails),
  signature([TIMESTAMP, INTERVAL], TIMESTAMP, callsAtSite('subtractFromTimestamp'), fails),
  signature([TIMESTAMPTZ, INTERVAL], TIMESTAMPTZ, callsAtSite('subtractFromTimestamp'), fails),
  signature([DATE, INTERVAL], TIMESTAMP, callsAtSite('subtractFromDate'), fails),
  signature(
    [DATE, INT],
    DATE,
    ([days, count], cx) => js`${cx.use('checkDate')}(${days!} - ${count!}, ${cx.site()})`,
    fails
  ),
  signature([TIME, INTERVAL], TIME, calls('subtractFromTime'))
]

export const temporalProducts: readonly Signature[] = [
  signature([INTERVAL, DOUBLE], INTERVAL, callsAtSite('multiplyInterval'), fails),
  signature([DOUBLE, INTERVAL], INTERVAL, callsAtSite('scaleInterval'), fails)
]

export const temporalQuotients: readonly Signature[] = [
  signature([INTERVAL, DOUBLE], INTERVAL, callsAtSite('divideInterval'), fails)
]

export const temporalNegations: readonly Signature[] = [
  signature([INTERVAL], INTERVAL, callsAtSite('negateInterval'), fails)
]
