import type { FunctionEntry } from '../../../compiler/functions/index.ts'
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  BYTES,
  canCast,
  DATE,
  DECIMAL,
  DOUBLE,
  INT,
  INTERVAL,
  JSON_TYPE,
  mapOf,
  REAL,
  SMALLINT,
  type SqlType,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ
} from '../../../compiler/types/index.ts'
import type { Pool } from './argument-pools.ts'
import { typeName } from './composite-value.ts'
import { type FunctionCase, makeCaseOf } from './function-call.ts'
import { sources } from './random-value.ts'

// What looks like a function but is bound to an expression of its own kind.

const scalars = [
  ...[BOOLEAN, SMALLINT, INT, BIGINT, DECIMAL, REAL, DOUBLE, TEXT, DATE, TIME, TIMESTAMP],
  ...[TIMESTAMPTZ, INTERVAL, BYTES]
]
const orders = [...scalars, arrayOf(INT), arrayOf(TEXT)]
const two: SqlType = { kind: 'Decimal', precision: 10, scale: 2 }
const castTypes = [...scalars, two, JSON_TYPE, arrayOf(INT), arrayOf(TEXT), mapOf(BIGINT)]

interface Form {
  readonly params: readonly SqlType[]
  readonly call: (args: readonly string[]) => string
  /** What the first argument, a TEXT, is drawn from. */
  readonly texts?: readonly string[]
}

const each = (
  types: readonly SqlType[],
  count: number,
  call: (args: readonly string[]) => string
): readonly Form[] => types.map(type => ({ params: Array(count).fill(type) as SqlType[], call }))

/** Texts that are values of a type, and some that are none. */
function textsOf(type: SqlType): readonly string[] {
  const source = sources[type.kind]
  const inside = ['{}', '{1,2,NULL}', '{"a b",c}', '[1,"2",null]', '{"a":1}', '{1', ' 7 ', '0x1F']
  return [...inside, ...(source?.extremes ?? []), ...(source?.notInJson ?? [])]
}

const casts = (function_: string, types: readonly SqlType[]): readonly Form[] =>
  types.flatMap(from =>
    castTypes
      .filter(to => from !== to && canCast(from, to))
      .map(to => ({
        params: [from],
        call: ([value]) => `${function_}(${value!} AS ${typeName(to)})`,
        ...(from === TEXT ? { texts: textsOf(to) } : {})
      }))
  )

const truths = [BOOLEAN, BOOLEAN, BOOLEAN]

const forms: Readonly<Record<string, readonly Form[]>> = {
  and: [{ params: truths, call: args => `(${args.join(' AND ')})` }],
  or: [{ params: truths, call: args => `(${args.join(' OR ')})` }],
  not: [{ params: [BOOLEAN], call: ([a]) => `NOT (${a!})` }],
  is_null: each([...orders, JSON_TYPE], 1, ([a]) => `(${a!}) IS NULL`),
  is_distinct: each(orders, 2, ([a, b]) => `(${a!}) IS DISTINCT FROM (${b!})`),
  in: each(orders, 4, ([a, ...rest]) => `(${a!}) IN (${rest.join(', ')})`),
  between: [
    ...each(orders, 3, ([a, b, c]) => `(${a!}) BETWEEN ${b!} AND ${c!}`),
    ...each([INT, TEXT], 3, ([a, b, c]) => `(${a!}) NOT BETWEEN SYMMETRIC ${b!} AND ${c!}`)
  ],
  case: orders.map(type => ({
    params: [BOOLEAN, type, BOOLEAN, type, type],
    call: ([a, b, c, d, e]) => `CASE WHEN ${a!} THEN ${b!} WHEN ${c!} THEN ${d!} ELSE ${e!} END`
  })),
  coalesce: each(orders, 3, args => `coalesce(${args.join(', ')})`),
  nullif: each(orders, 2, args => `nullif(${args.join(', ')})`),
  cast: casts('CAST', castTypes),
  try_cast: casts('TRY_CAST', [TEXT, JSON_TYPE, DOUBLE, DECIMAL]),
  typeof: each(orders, 1, ([a]) => `typeof(${a!})`),
  pg_typeof: each(orders, 1, ([a]) => `pg_typeof(${a!})`),
  date: [TEXT, TIMESTAMP, TIMESTAMPTZ].map(type => ({
    params: [type],
    call: ([a]) => `date(${a!})`
  })),
  json_step_text: [{ params: [JSON_TYPE, TEXT], call: ([a, b]) => `(${a!}) ->> ${b!}` }]
}

/** Empty for an entry that is no form, or that makes rows or asks a model. */
export function makeFormCases(entry: FunctionEntry): readonly FunctionCase[] {
  return (forms[entry.name] ?? []).map(({ params, call, texts }) => {
    const own: Record<number, Pool> | undefined = texts === undefined ? undefined : { 0: { texts } }
    return makeCaseOf(entry, params, call, own)
  })
}
