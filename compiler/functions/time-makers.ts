import { js, type Code } from '../code/index.ts'
import {
  BOOLEAN,
  DATE,
  DOUBLE,
  INT,
  INTERVAL,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ
} from '../types/index.ts'
import { callsAtSite } from './calls.ts'
import {
  defineFunction,
  signature,
  type CallContext,
  type FunctionEntry,
  type Signature
} from './entry.ts'
import { checkZone } from './time-constants.ts'

const fails = { canFail: true }

/** Processing time, of which a batch has one. */
function clock(name: string, aliases: readonly string[], result: Signature, doc: string) {
  return defineFunction({
    name,
    kind: 'function',
    aliases,
    signatures: [result],
    volatile: true,
    doc,
    example: `${name}()`
  })
}

const now = (cx: CallContext): Code => js`${cx.clock()}.now()`

/** make_interval's parts, of which the last ones may be left out. */
const intervalParts = [INT, INT, INT, INT, INT, INT, DOUBLE]

export const timeMakers: readonly FunctionEntry[] = [
  clock(
    'now',
    [
      ...['current_timestamp', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp'],
      'proctime'
    ],
    signature([], TIMESTAMPTZ, (_, cx) => now(cx)),
    'Processing time, the same for all records that are polled together. It differs from run to run. Windows of it close by the clock.'
  ),
  clock(
    'localtimestamp',
    [],
    signature([], TIMESTAMP, (_, cx) => now(cx)),
    'As now(), as a TIMESTAMP in UTC.'
  ),
  clock(
    'current_date',
    [],
    signature([], DATE, (_, cx) => js`${cx.use('timestampToDate')}(${now(cx)})`),
    'The day of now(), in UTC.'
  ),
  clock(
    'current_time',
    ['localtime'],
    signature([], TIME, (_, cx) => js`${cx.use('timestampToTime')}(${now(cx)})`),
    'The time of day of now(), in UTC.'
  ),
  defineFunction({
    name: 'make_date',
    kind: 'function',
    signatures: [signature([INT, INT, INT], DATE, callsAtSite('makeDate'), fails)],
    cost: 3,
    doc: 'The date of a year, month and day.',
    example: "make_date(2026, 1, 31) = DATE '2026-01-31'"
  }),
  defineFunction({
    name: 'make_time',
    kind: 'function',
    signatures: [signature([INT, INT, DOUBLE], TIME, callsAtSite('makeTime'), fails)],
    cost: 3,
    doc: 'The time of an hour, minute and second.',
    example: "make_time(10, 20, 30.5) = TIME '10:20:30.5'"
  }),
  defineFunction({
    name: 'make_timestamp',
    kind: 'function',
    signatures: [
      signature([INT, INT, INT, INT, INT, DOUBLE], TIMESTAMP, callsAtSite('makeTimestamp'), fails)
    ],
    cost: 4,
    doc: 'The timestamp of a year, month, day, hour, minute and second.',
    example: "make_timestamp(2026, 1, 31, 10, 20, 30) = TIMESTAMP '2026-01-31 10:20:30'"
  }),
  defineFunction({
    name: 'make_timestamptz',
    kind: 'function',
    signatures: [
      signature(
        [INT, INT, INT, INT, INT, DOUBLE],
        TIMESTAMPTZ,
        callsAtSite('makeTimestamp'),
        fails
      ),
      signature(
        [INT, INT, INT, INT, INT, DOUBLE, TEXT],
        TIMESTAMPTZ,
        callsAtSite('makeTimestampInZone'),
        fails
      )
    ],
    cost: 10,
    check: args => checkZone(args[6], 6),
    doc: 'The instant of a year, month, day, hour, minute and second, in UTC or in a zone.',
    example:
      "make_timestamptz(2026, 1, 31, 10, 20, 30, '+02:00') = TIMESTAMPTZ '2026-01-31 08:20:30Z'"
  }),
  defineFunction({
    name: 'isfinite',
    kind: 'function',
    // NULL is what a strict function answers for NULL; no other value is infinite.
    signatures: [DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL].map(type =>
      signature([type], BOOLEAN, () => js`true`)
    ),
    doc: 'Whether a time is finite, which all are: infinity is no value here.',
    example: "isfinite(DATE '2026-01-31')"
  }),
  defineFunction({
    name: 'make_interval',
    kind: 'function',
    signatures: [7, 6, 5, 4, 3, 2, 1].map(count =>
      signature(
        intervalParts.slice(0, count),
        INTERVAL,
        (args, cx) => {
          const missing = intervalParts.slice(count).map(() => js`0`)
          return js`${cx.use('makeIntervalOf')}(${[...args, ...missing]}, ${cx.site()})`
        },
        fails
      )
    ),
    cost: 4,
    doc: 'The interval of years, months, weeks, days, hours, minutes and seconds, of which the last ones may be left out.',
    example: "make_interval(1, 2) = INTERVAL '1 year 2 months'"
  }),
  ...(['justify_days', 'justify_hours', 'justify_interval'] as const).map((name, i) =>
    defineFunction({
      name,
      kind: 'function',
      signatures: [
        signature(
          [INTERVAL],
          INTERVAL,
          callsAtSite((['justifyDays', 'justifyHours', 'justifyInterval'] as const)[i]!),
          fails
        )
      ],
      cost: 4,
      doc: [
        'The interval with every 30 days as a month.',
        'The interval with every 24 hours as a day.',
        'The interval with every 30 days as a month, every 24 hours as a day, and one sign.'
      ][i]!,
      example: `${name}(INTERVAL '35 days 27 hours')`
    })
  )
]
