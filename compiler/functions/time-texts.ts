import { DATE, DECIMAL, DOUBLE, INTERVAL, TEXT, TIMESTAMP, TIMESTAMPTZ } from '../types/index.ts'
import { callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

const fails = { canFail: true }
const nullOrFails = { canFail: true, givesNull: true }

export const timeTextFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'to_char',
    kind: 'function',
    signatures: [
      signature([TIMESTAMP, TEXT], TEXT, callsAtSite('timestampToChar'), fails),
      signature([TIMESTAMPTZ, TEXT], TEXT, callsAtSite('timestamptzToChar'), fails),
      signature([INTERVAL, TEXT], TEXT, callsAtSite('intervalToChar'), fails),
      signature([DECIMAL, TEXT], TEXT, callsAtSite('decimalToChar'), fails),
      signature([DOUBLE, TEXT], TEXT, callsAtSite('doubleToChar'), fails)
    ],
    cost: 30,
    doc: "A time, an interval or a number by a template of PostgreSQL's patterns: YYYY, MM, DD, HH24, HH12, MI, SS, MS, US, Month, Mon, Day, Dy, AM, Q, WW, IW and others for times; 9, 0, D, G, S, MI, PR, TH, RN, EEEE and others for numbers; FM leaves out blanks and zeros.",
    example: "to_char(TIMESTAMP '2026-01-31 10:20:30', 'DD Mon YYYY HH24:MI') = '31 Jan 2026 10:20'"
  }),
  defineFunction({
    name: 'date_format',
    kind: 'function',
    signatures: [
      signature([TIMESTAMP, TEXT], TEXT, callsAtSite('dateFormat'), fails),
      signature([TIMESTAMPTZ, TEXT], TEXT, callsAtSite('dateFormat'), fails)
    ],
    cost: 30,
    doc: "A time by Java's pattern letters, as in Flink, or by MySQL's where the pattern has a %.",
    example: "date_format(TIMESTAMP '2026-01-31 10:20:30', 'yyyy-MM-dd HH:mm') = '2026-01-31 10:20'"
  }),
  defineFunction({
    name: 'to_timestamp',
    kind: 'function',
    signatures: [
      signature([TEXT, TEXT], TIMESTAMPTZ, callsAtSite('toTimestamp'), fails),
      signature([DOUBLE], TIMESTAMPTZ, callsAtSite('epochToTimestamp'), fails)
    ],
    cost: 40,
    doc: "A text by a template of PostgreSQL's patterns, in UTC unless it says an offset; or seconds since 1970.",
    example: "to_timestamp('31 Jan 2026', 'DD Mon YYYY') = TIMESTAMPTZ '2026-01-31 00:00:00Z'"
  }),
  defineFunction({
    name: 'to_date',
    kind: 'function',
    signatures: [signature([TEXT, TEXT], DATE, callsAtSite('toDate'), fails)],
    cost: 40,
    doc: "A text by a template of PostgreSQL's patterns.",
    example: "to_date('31.01.2026', 'DD.MM.YYYY') = DATE '2026-01-31'"
  }),
  defineFunction({
    name: 'to_number',
    kind: 'function',
    signatures: [signature([TEXT, TEXT], DECIMAL, callsAtSite('toNumber'), nullOrFails)],
    cost: 30,
    doc: "A text by a template of PostgreSQL's patterns for numbers; NULL for an empty template.",
    example: "to_number('-1,234.50', '9,999.99') = -1234.5"
  })
]
