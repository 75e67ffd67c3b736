import type { Identifier, TestStep, TestString } from '../../ast/index.ts'
import {
  testColumnNotInput,
  testColumnsOverlap,
  testDeletesKeys,
  testSourceNotFound,
  testValueNull
} from '../../diagnostics/bind-tests.ts'
import {
  type BoundColumn,
  type BoundSource,
  type BoundTestRows,
  type BoundTestStep,
  makeCast,
  typeAsRead
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { sameType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import { bindSource } from '../kafka/bind-source.ts'
import { bindColumns } from './bind-columns.ts'
import { findNamed } from './find-named.ts'
import type { TestContext } from './test-context.ts'
import { bindValues } from './bind-values.ts'

type InputStep = Extract<TestStep, { kind: 'TestInput' }>

/** `INPUT s [(columns)] VALUES ...` or `INPUT s RAW ...`; null after a diagnostic. */
export function bindInput(step: InputStep, cx: TestContext): BoundTestStep | null {
  const { rows, raw, span } = step
  const at = step.at === null ? null : (cx.times.get(step.at) ?? null)
  if (step.at !== null && at === null) return null
  if (at !== null) cx.now = Math.max(cx.now, at)
  const source = findSource(step, cx)
  if (source === null) return null
  if (raw.length > 0) {
    return { kind: 'InputRaw', source: source.name, records: raw.map(toBytes), at, span }
  }
  const { deletes } = step
  const columns = deletes ? deletedKey(step, source, cx) : inputColumns(step, source, cx)
  if (columns === null) return null
  const schema = { columns: columns.map(index => source.schema.columns[index]!) }
  const bound = bindValues(rows, schema, cx.bind)
  if (bound === null || !checkNulls(bound.rows, columns, source, cx)) return null
  const values = asRecorded(bound, columns, source)
  return { kind: 'Input', source: source.name, columns, deletes, values, at, span }
}

/** Metadata that the column has as another type, as a record has it. */
function asRecorded(
  { rows, schema }: BoundTestRows,
  given: readonly number[],
  { columns }: BoundSource
): BoundTestRows {
  const types = given.map(index => typeAsRead(columns[index]!))
  return {
    rows: rows.map(row =>
      row.map((expr, i) =>
        sameType(expr.type, types[i]!) ? expr : makeCast(expr, types[i]!, false, expr.span)
      )
    ),
    schema: { columns: schema.columns.map((column, i) => ({ ...column, type: types[i]! })) }
  }
}

/** The columns that say which rows are deleted; null after a diagnostic. */
function deletedKey(
  { rows, span }: InputStep,
  { name, feeds, schema }: BoundSource,
  { bind }: TestContext
): readonly number[] | null {
  const key = feeds?.key ?? null
  if (key !== null && rows.every(row => row.length === key.length)) return key
  const names = key?.map(index => schema.columns[index]!.name) ?? null
  report(bind, testDeletesKeys(name, names, span))
  return null
}

function findSource({ source: name }: InputStep, { bind }: TestContext): BoundSource | null {
  const { declarations } = bind.catalog
  const found = findNamed(name, bind)
  if (found === undefined) return null
  // A source with a diagnostic of its own is not there to be found missing.
  if (found?.kind === 'Source') return bindSource(found, bind)
  const sources = declarations.filter(({ kind }) => kind === 'Source').map(value => value.name)
  const kind = found?.kind.toLowerCase() ?? null
  report(bind, testSourceNotFound(showName(name), kind, name.span, sources))
  return null
}

/** The columns that the rows give: those that are listed, else all that a record can carry. */
function inputColumns(
  { columns: names, span }: InputStep,
  source: BoundSource,
  cx: TestContext
): number[] | null {
  const { columns, schema } = source
  if (names.length === 0) {
    const isListed = (index: number): boolean => schema.columns[index]!.implicit !== true
    const given = columns.flatMap((column, index) =>
      fixedBy(column) === null && isListed(index) ? [index] : []
    )
    return checkOverlap(given, columns, span, cx) ? given : null
  }
  const given = bindColumns(names, schema, cx.bind)
  if (given === null) return null
  const allowed = given.every((index, i) => checkGiven(columns[index]!, names[i]!, cx))
  return allowed && checkOverlap(given, columns, span, cx) ? given : null
}

/** What a column's value is, where a record can't bring another one; null: a record brings it. */
function fixedBy({ from }: BoundColumn): string | null {
  if (from.kind === 'Generated') return 'it is computed'
  if (from.kind === 'Field' && from.path.some(step => typeof step === 'number' && step < 0)) {
    return 'its place is counted from the end of an array'
  }
  if (from.kind !== 'Metadata') return null
  if (from.what === 'offset') return "it is the record's place in the topic"
  return from.what === 'topic' ? "it is the topic's name" : null
}

function checkGiven(
  column: BoundColumn,
  { name, span }: Identifier,
  { bind }: TestContext
): boolean {
  const reason = fixedBy(column)
  if (reason === null) return true
  report(bind, testColumnNotInput(name, reason, span, 'Leave it out.'))
  return false
}

/** Two columns that are read from one member, or one inside of the other, can't both be given. */
function checkOverlap(
  given: readonly number[],
  columns: readonly BoundColumn[],
  span: Span,
  { bind }: TestContext
): boolean {
  for (const [i, first] of given.entries()) {
    for (const second of given.slice(i + 1)) {
      const [a, b] = [columns[first]!, columns[second]!]
      if (!overlap(a.from, b.from)) continue
      report(bind, testColumnsOverlap(a.name, b.name, span))
      return false
    }
  }
  return true
}

function overlap(a: BoundColumn['from'], b: BoundColumn['from']): boolean {
  if (a.kind === 'Metadata' && b.kind === 'Metadata') return a.what === b.what
  if (a.kind !== 'Field' || b.kind !== 'Field') return a.kind === 'Value' && b.kind === 'Value'
  const length = Math.min(a.path.length, b.path.length)
  const at = a.path.slice(0, length).findIndex((step, i) => step !== b.path[i])
  // Beside each other they are members of one object, or elements of one array.
  return at < 0 || typeof a.path[at] !== typeof b.path[at]
}

/** Every record has a partition and a timestamp. */
function checkNulls(
  rows: readonly (readonly {
    readonly kind: string
    readonly span: Span
    readonly value?: unknown
  }[])[],
  given: readonly number[],
  { columns }: BoundSource,
  { bind }: TestContext
): boolean {
  for (const row of rows) {
    for (const [i, { kind, value, span }] of row.entries()) {
      const { from } = columns[given[i]!]!
      if (kind !== 'Literal' || value !== null || from.kind !== 'Metadata' || from.what === 'key') {
        continue
      }
      report(bind, testValueNull(`a record's ${from.what}`, span))
      return false
    }
  }
  return true
}

/** A text as UTF-8, or `\x` and hexadecimal digits, as PostgreSQL writes BYTEA. */
function toBytes({ value }: TestString): Uint8Array {
  const hex = /^\\x((?:[0-9a-f]{2})*)$/i.exec(value)
  return hex === null
    ? new TextEncoder().encode(value)
    : Uint8Array.from(Buffer.from(hex[1]!, 'hex'))
}
