import type { ScalarType } from './scalar-type.ts'

/** A scalar function or operator that never fails for the values of `scalar-type.ts`, spelled alike in both dialects. */
export interface Operation {
  readonly result: ScalarType
  readonly args: readonly ScalarType[]
  show(...args: readonly string[]): string
}

type Show = (a: string, b: string, c: string) => string

function operation(result: ScalarType, args: readonly ScalarType[], show: Show): Operation {
  return { result, args, show: (a = '', b = '', c = '') => show(a, b, c) }
}

const numbers: readonly ScalarType[] = ['INT', 'BIGINT', 'DECIMAL', 'DOUBLE']
const ordered: readonly ScalarType[] = [...numbers, 'TEXT', 'TIMESTAMP']
const all: readonly ScalarType[] = [...ordered, 'BOOLEAN']

const ofAnyType: readonly Operation[] = all.flatMap(type => [
  operation(type, ['BOOLEAN', type, type], (a, b, c) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`),
  operation(type, ['BOOLEAN', type], (a, b) => `CASE WHEN ${a} THEN ${b} END`),
  operation(type, [type, type], (a, b) => `COALESCE(${a}, ${b})`),
  operation(type, [type, type], (a, b) => `NULLIF(${a}, ${b})`),
  operation('BOOLEAN', [type, type], (a, b) => `(${a} = ${b})`),
  operation('BOOLEAN', [type, type], (a, b) => `(${a} <> ${b})`),
  operation('BOOLEAN', [type, type], (a, b) => `(${a} IS DISTINCT FROM ${b})`),
  operation('BOOLEAN', [type], a => `(${a} IS NULL)`),
  operation('BOOLEAN', [type], a => `(${a} IS NOT NULL)`),
  operation('BOOLEAN', [type, type, type], (a, b, c) => `(${a} IN (${b}, ${c}))`),
  operation('BOOLEAN', [type, type, type], (a, b, c) => `(${a} NOT IN (${b}, ${c}))`)
])

const ofOrdered: readonly Operation[] = ordered.flatMap(type => [
  operation(type, [type, type], (a, b) => `GREATEST(${a}, ${b})`),
  operation(type, [type, type], (a, b) => `LEAST(${a}, ${b})`),
  operation('BOOLEAN', [type, type], (a, b) => `(${a} < ${b})`),
  operation('BOOLEAN', [type, type], (a, b) => `(${a} <= ${b})`),
  operation('BOOLEAN', [type, type], (a, b) => `(${a} > ${b})`),
  operation('BOOLEAN', [type, type], (a, b) => `(${a} >= ${b})`),
  operation('BOOLEAN', [type, type, type], (a, b, c) => `(${a} BETWEEN ${b} AND ${c})`)
])

const ofNumbers: readonly Operation[] = numbers.flatMap(type => [
  operation(type, [type, type], (a, b) => `(${a} + ${b})`),
  operation(type, [type, type], (a, b) => `(${a} - ${b})`),
  operation(type, [type], a => `abs(${a})`),
  operation(type, [type], a => `(- ${a})`)
])

const others: readonly Operation[] = [
  operation('INT', ['INT', 'INT'], (a, b) => `(${a} * ${b})`),
  operation('INT', ['INT', 'INT'], (a, b) => `(${a} / NULLIF(${b}, 0))`),
  operation('INT', ['INT', 'INT'], (a, b) => `MOD(${a}, NULLIF(${b}, 0))`),
  operation('INT', ['TEXT'], a => `CAST(length(${a}) AS INT)`),
  operation('INT', ['TIMESTAMP'], a => `CAST(EXTRACT(HOUR FROM ${a}) AS INT)`),
  // An average of large numbers is no INT.
  operation('INT', ['DOUBLE'], a => `CASE WHEN abs(${a}) < 1000000 THEN CAST(${a} AS INT) END`),
  operation('BIGINT', ['INT'], a => `CAST(${a} AS BIGINT)`),
  operation('DECIMAL', ['DECIMAL'], a => `round(${a}, 1)`),
  operation('DECIMAL', ['INT'], a => `CAST(${a} AS DECIMAL(10, 2))`),
  operation('DOUBLE', ['INT'], a => `CAST(${a} AS DOUBLE)`),
  operation('TEXT', ['TEXT'], a => `upper(${a})`),
  operation('TEXT', ['TEXT'], a => `lower(${a})`),
  operation('TEXT', ['TEXT', 'TEXT'], (a, b) => `(${a} || ${b})`),
  operation('TEXT', ['TEXT'], a => `substring(${a}, 1, 1)`),
  operation('TEXT', ['TEXT'], a => `replace(${a}, 'a', 'xy')`),
  operation('TEXT', ['INT'], a => `CAST(${a} AS TEXT)`),
  operation('TIMESTAMP', ['TIMESTAMP'], a => `date_trunc('hour', ${a})`),
  operation('TIMESTAMP', ['TIMESTAMP'], a => `(${a} + INTERVAL '90' MINUTE)`),
  operation('BOOLEAN', ['TEXT'], a => `(${a} LIKE 'a%')`),
  operation('BOOLEAN', ['BOOLEAN', 'BOOLEAN'], (a, b) => `(${a} AND ${b})`),
  operation('BOOLEAN', ['BOOLEAN', 'BOOLEAN'], (a, b) => `(${a} OR ${b})`),
  operation('BOOLEAN', ['BOOLEAN'], a => `(NOT ${a})`),
  operation('BOOLEAN', ['BOOLEAN'], a => `(${a} IS TRUE)`),
  operation('BOOLEAN', ['BOOLEAN'], a => `(${a} IS NOT FALSE)`)
]

const operations = [...ofAnyType, ...ofOrdered, ...ofNumbers, ...others]

/** By the type that they give. */
export const operationsOf: ReadonlyMap<ScalarType, readonly Operation[]> = Map.groupBy(
  operations,
  ({ result }) => result
)
