import type { Value } from './catalog-types.ts'
import { compareValues } from './operators.ts'

/** Of the arguments of each row, without rows whose first one is NULL. */
interface Aggregate {
  readonly type: (argument: string) => string
  readonly call: (rows: readonly (readonly Value[])[]) => Value
}

const firsts = (rows: readonly (readonly Value[])[]): Value[] => rows.map(([first]) => first!)
/** Of names PostgreSQL has the least and the greatest as texts. */
const same = (argument: string): string => (/^(?:name|varchar)$/.test(argument) ? 'text' : argument)
const bool = (): string => 'bool'

function least(values: readonly Value[], sign: number): Value {
  const [first = null, ...others] = values
  return others.reduce((found, one) => (sign * compareValues(one, found) < 0 ? one : found), first)
}

function sum(rows: readonly (readonly Value[])[]): number {
  return rows.reduce((total, [value]) => total + (value as number), 0)
}

function whole(argument: string): string {
  return /^float/.test(argument) ? 'float8' : 'int8'
}

export const aggregates: Readonly<Record<string, Aggregate>> = {
  count: { type: () => 'int8', call: rows => rows.length },
  min: { type: same, call: rows => least(firsts(rows), 1) },
  max: { type: same, call: rows => least(firsts(rows), -1) },
  sum: { type: whole, call: rows => (rows.length === 0 ? null : sum(rows)) },
  avg: {
    type: () => 'float8',
    call: rows => (rows.length === 0 ? null : sum(rows) / rows.length)
  },
  bool_and: {
    type: bool,
    call: rows => (rows.length === 0 ? null : !firsts(rows).includes(false))
  },
  every: { type: bool, call: rows => (rows.length === 0 ? null : !firsts(rows).includes(false)) },
  bool_or: { type: bool, call: rows => (rows.length === 0 ? null : firsts(rows).includes(true)) },
  array_agg: {
    type: argument => `_${argument === 'unknown' ? 'text' : argument}`,
    call: rows => (rows.length === 0 ? null : firsts(rows))
  },
  string_agg: {
    type: () => 'text',
    call: rows =>
      rows.length === 0
        ? null
        : rows
            .map(([text, between], i) => (i === 0 ? text : `${between as string}${text as string}`))
            .join('')
  },
  json_agg: { type: () => 'json', call: rows => jsonOf(firsts(rows)) }
}

/** As `json_build_array` writes it: an empty aggregate is NULL. */
function jsonOf(values: readonly Value[]): Value {
  if (values.length === 0) return null
  return `[${values.map(value => JSON.stringify(value)).join(', ')}]`
}
