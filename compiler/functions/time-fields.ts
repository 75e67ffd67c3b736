import { js, type Code } from '../code/index.ts'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  INTERVAL,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  type SqlType
} from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import {
  defineFunction,
  signature,
  type CallContext,
  type FunctionEntry,
  type RuntimeName
} from './entry.ts'
import { checkField, checkUnit, checkWidth, checkZone } from './time-constants.ts'

const fails = { canFail: true }

function fieldFunction(
  name: string,
  result: SqlType,
  functions: readonly RuntimeName[],
  doc: string,
  example: string
): FunctionEntry {
  const types = [TIMESTAMP, TIMESTAMPTZ, DATE, TIME, INTERVAL]
  return defineFunction({
    name,
    kind: 'function',
    signatures: types.map((type, i) =>
      signature([TEXT, type], result, callsAtSite(functions[i]!), fails)
    ),
    cost: 10,
    check: checkField,
    doc,
    example
  })
}

/** date_trunc of a TIMESTAMPTZ takes the zone last, AT TIME ZONE has it first. */
const truncInZone = (args: readonly Code[], cx: CallContext): Code =>
  js`${cx.use('truncInZone')}(${args}, ${cx.site()})`

export const timeFieldFunctions: readonly FunctionEntry[] = [
  fieldFunction(
    'extract',
    DECIMAL,
    [
      ...(['extractTimestamp', 'extractTimestamptz', 'extractDate'] as const),
      ...(['extractTime', 'extractInterval'] as const)
    ],
    'A field of a time: year, quarter, month, week, day, dow, isodow, doy, hour, minute, second, epoch and others. Written EXTRACT(field FROM x). TIMESTAMPTZ is taken in UTC.',
    "EXTRACT(year FROM DATE '2026-01-31') = 2026"
  ),
  fieldFunction(
    'date_part',
    DOUBLE,
    [
      ...(['datePartOfTimestamp', 'datePartOfTimestamptz', 'datePartOfDate'] as const),
      ...(['datePartOfTime', 'datePartOfInterval'] as const)
    ],
    'As EXTRACT, as a DOUBLE.',
    "date_part('hour', TIME '10:20') = 10"
  ),
  defineFunction({
    name: 'date_trunc',
    kind: 'function',
    signatures: [
      signature([TEXT, TIMESTAMP], TIMESTAMP, callsAtSite('truncTimestamp'), fails),
      signature([TEXT, TIMESTAMPTZ], TIMESTAMPTZ, callsAtSite('truncTimestamp'), fails),
      signature([TEXT, INTERVAL], INTERVAL, callsAtSite('truncInterval'), fails),
      signature([TEXT, TIMESTAMPTZ, TEXT], TIMESTAMPTZ, truncInZone, fails)
    ],
    cost: 6,
    check: checkUnit,
    doc: 'Where the unit begins that a time is in: second, minute, hour, day, week (Monday), month, quarter, year, decade and others; of a TIMESTAMPTZ also by the clocks of a time zone.',
    example:
      "date_trunc('month', TIMESTAMP '2026-01-31 10:00:00') = TIMESTAMP '2026-01-01 00:00:00'"
  }),
  defineFunction({
    name: 'date_bin',
    kind: 'function',
    signatures: [TIMESTAMP, TIMESTAMPTZ].map(type =>
      signature([INTERVAL, type, type], type, callsAtSite('dateBin'), fails)
    ),
    cost: 4,
    doc: 'Where the stretch of time begins that a time is in: stretches as long as the first argument, from the third on.',
    example:
      "date_bin('15 minutes', TIMESTAMP '2026-01-31 10:20:00', TIMESTAMP '2026-01-01 00:05:00')"
  }),
  defineFunction({
    name: 'time_bucket',
    kind: 'function',
    signatures: [
      signature([INTERVAL, TIMESTAMP], TIMESTAMP, callsAtSite('timeBucket'), fails),
      signature([INTERVAL, TIMESTAMPTZ], TIMESTAMPTZ, callsAtSite('timeBucket'), fails),
      signature([INTERVAL, DATE], DATE, callsAtSite('dateBucket'), fails),
      signature([INTERVAL, BIGINT], BIGINT, callsAtSite('epochBucket'), fails),
      ...[TIMESTAMP, TIMESTAMPTZ].map(type =>
        signature([INTERVAL, type, INTERVAL], type, callsAtSite('timeBucketFrom'), fails)
      )
    ],
    cost: 4,
    check: checkWidth,
    doc: 'Where the stretch of time begins that a time is in: stretches as long as the first argument, aligned to 1970, or as much later as the third. An epoch number may count s, ms, us or ns: its size tells, and the answer is in the same unit.',
    example:
      "time_bucket('1 minute', TIMESTAMP '2026-01-31 10:20:30') = TIMESTAMP '2026-01-31 10:20:00'"
  }),
  defineFunction({
    name: 'age',
    kind: 'function',
    signatures: [TIMESTAMP, TIMESTAMPTZ].map(type =>
      signature([type, type], INTERVAL, callsAtSite('age'), fails)
    ),
    cost: 8,
    doc: 'The time from the second argument to the first in years, months, days and less, as people count; of one argument up to CURRENT_DATE.',
    example: "age(TIMESTAMP '2026-03-01', TIMESTAMP '2026-01-31') = INTERVAL '1 month 1 day'"
  }),
  defineFunction({
    name: 'overlaps_in_time',
    kind: 'function',
    symbol: 'OVERLAPS',
    aliases: ['overlaps'],
    signatures: [TIMESTAMP, TIMESTAMPTZ, DATE, TIME].map(type =>
      signature([type, type, type, type], BOOLEAN, calls('periodsOverlap'), { givesNull: true })
    ),
    nullRule: 'none',
    cost: 3,
    doc: 'Whether two stretches of time have a moment in common: (a, b) OVERLAPS (c, d), where an end may be an INTERVAL behind its start. The later end is no part of its stretch.',
    example: "(DATE '2026-01-01', DATE '2026-02-01') OVERLAPS (DATE '2026-01-31', INTERVAL '1' DAY)"
  }),
  defineFunction({
    name: 'timezone',
    kind: 'function',
    symbol: 'AT TIME ZONE',
    signatures: [
      signature([TEXT, TIMESTAMPTZ], TIMESTAMP, callsAtSite('zonedTimestamp'), fails),
      signature([TEXT, TIMESTAMP], TIMESTAMPTZ, callsAtSite('instantInZone'), fails),
      signature([INTERVAL, TIMESTAMPTZ], TIMESTAMP, callsAtSite('zonedByInterval'), fails),
      signature([INTERVAL, TIMESTAMP], TIMESTAMPTZ, callsAtSite('instantByInterval'), fails)
    ],
    cost: 10,
    check: ([zone]) => checkZone(zone, 0),
    doc: 'The local time in a zone of a TIMESTAMPTZ, or the TIMESTAMPTZ of a local time in a zone: UTC, a name as Europe/Berlin, or an offset as an INTERVAL.',
    example:
      "TIMESTAMPTZ '2026-07-01 10:00:00Z' AT TIME ZONE 'Europe/Berlin' = TIMESTAMP '2026-07-01 12:00:00'"
  }),
  defineFunction({
    name: 'last_day',
    kind: 'function',
    signatures: [signature([DATE], DATE, calls('lastDay'))],
    cost: 4,
    doc: "The last day of a date's month.",
    example: "last_day(DATE '2026-02-03') = DATE '2026-02-28'"
  })
]
