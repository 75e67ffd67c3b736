import assert from 'node:assert/strict'
import type { RowType } from '../../../compiler/types/index.ts'
import { type Json, parseJson } from '../../oracle/index.ts'
import { canonicalJson } from './canonical-json.ts'

const MAX_DEPTH = 100
const SHOWN = 10

/** Rows that only one of two bags has. */
export interface RowDifference {
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}

/** Fails unless both bags hold the same rows, and shows the first that only one of them has. */
export function assertSameRows(
  actual: readonly string[],
  expected: readonly string[],
  schema: RowType,
  tolerance: number,
  title: string
): void {
  const difference = compareRows(actual, expected, schema, tolerance)
  const { missing, extra } = difference
  if (missing.length === 0 && extra.length === 0) return
  assert.fail(
    `${title}: ${actual.length} rows, expected ${expected.length}\n${showDifference(difference)}`
  )
}

/** The first rows of a difference, one per line. */
export function showDifference({ missing, extra }: RowDifference): string {
  return [...showRows('missing', missing), ...showRows('extra', extra)].join('\n')
}

function showRows(what: string, rows: readonly string[]): readonly string[] {
  const more = rows.length > SHOWN ? [`... ${rows.length} ${what} in all`] : []
  return [
    ...rows
      .toSorted()
      .slice(0, SHOWN)
      .map(row => `${what} ${row}`),
    ...more
  ]
}

/**
 * Compares two bags of rows, given as JSON objects with the columns of `schema` in their order. Numbers are compared by
 * value, with all digits; only DOUBLE and REAL may be off by `tolerance`, relative to their size where it is above 1.
 */
export function compareRows(
  actual: readonly string[],
  expected: readonly string[],
  schema: RowType,
  tolerance: number
): RowDifference {
  const spelled = subtractEqual(actual, expected)
  if (spelled.actual.length === 0 && spelled.expected.length === 0) return noDifference
  const parse = (rows: readonly string[]): Row[] => rows.map(text => parseRow(text, schema))
  const groups = Map.groupBy(parse(spelled.expected), ({ exact }) => exact)
  const extra: string[] = []
  for (const row of parse(spelled.actual)) {
    const candidates = groups.get(row.exact) ?? []
    const match = candidates.findIndex(({ floats }) => areClose(row.floats, floats, tolerance))
    if (match < 0) extra.push(row.text)
    else candidates.splice(match, 1)
  }
  const missing = [...groups.values()].flatMap(rows => rows.map(({ text }) => text))
  return { missing, extra }
}

const noDifference: RowDifference = { missing: [], extra: [] }

/** What is left of both bags when equal texts have cancelled each other out: most rows never have to be parsed. */
function subtractEqual(actual: readonly string[], expected: readonly string[]) {
  const counts = new Map<string, number>()
  for (const row of expected) counts.set(row, (counts.get(row) ?? 0) + 1)
  const left = actual.filter(row => {
    const count = counts.get(row) ?? 0
    if (count > 0) counts.set(row, count - 1)
    return count === 0
  })
  const missing = [...counts].flatMap(([row, count]) => new Array<string>(count).fill(row))
  return { actual: left, expected: missing }
}

interface Row {
  readonly text: string
  /** Everything that has to agree to the digit, as one text. */
  readonly exact: string
  readonly floats: readonly number[]
}

function parseRow(text: string, { columns }: RowType): Row {
  const json = parseJson(text, MAX_DEPTH)
  if (json.kind !== 'Object') return { text, exact: `not a row: ${text}`, floats: [] }
  const members = [...json.members]
  const isFloat = (value: Json, i: number): boolean => {
    const kind = columns[i]?.type.kind
    return value.kind === 'Number' && (kind === 'Double' || kind === 'Real')
  }
  const exact = members.map(
    ([name, value], i) =>
      `${JSON.stringify(name)}:${isFloat(value, i) ? '~' : canonicalJson(value)}`
  )
  const floats = members.filter(([, value], i) => isFloat(value, i))
  return { text, exact: exact.join(','), floats: floats.map(([, { text }]) => Number(text)) }
}

function areClose(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  return a.every((value, i) => Math.abs(value - b[i]!) <= tolerance * Math.max(1, Math.abs(b[i]!)))
}
