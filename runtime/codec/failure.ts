import type { RecordError } from '../contract/index.ts'

/**
 * What a primitive answers in place of a position when it can't go on. All are below END, so that one test `< 0` after
 * a read and one test `=== END` after the last member are enough.
 */
export const Bad = {
  nullValue: -2,
  emptyValue: -3,
  notObject: -4,
  malformed: -5,
  truncated: -6,
  depth: -7,
  trailing: -8,
  utf8: -9,
  wrongType: -10,
  notInteger: -11,
  outOfRange: -12,
  surrogate: -13,
  timestamp: -14,
  missing: -15,
  date: -16,
  time: -17,
  interval: -18,
  bytes: -19,
  dimensions: -20,
  envelope: -21
} as const

/** The answer of `firstMember` and `nextMember` when the record is complete and nothing but white space follows it. */
export const END = -1

/** The column number of failures that concern the record, not a column. */
export const NO_COLUMN = -1

/** 0, or a failure packed as reason and column: see `failure` and `recordError`. */
export type DecodeStatus = number
export const DecodeStatus = { Ok: 0 } as const

/** Where the last failure was found: an absolute position in the batch's bytes. Only valid right after a failure. */
export const failedAt = new Int32Array(1)

/** Keeps the position of a failure and answers the reason. */
export function bad(reason: number, pos: number): number {
  failedAt[0] = pos
  return reason
}

/** The decoder's status for a reason and the number of the column that was being read, unless the reason names one already. */
export function failure(reason: number, column: number): DecodeStatus {
  return reason < -0xff ? -reason : -reason | ((column + 1) << 8)
}

/** What a primitive answered for column `column`: a reason will name it. Where a key has several columns, or none of its own. */
export function inColumn(next: number, column: number): number {
  return next < 0 ? -failure(next, column) : next
}

/** A column of a source as messages show it. */
export interface ColumnLabel {
  readonly name: string
  /** The SQL type as it is written in the script. */
  readonly type: string
}

const messages: Readonly<Record<number, readonly [code: string, message: string]>> = {
  [Bad.nullValue]: ['null-value', 'the record has no value'],
  [Bad.emptyValue]: ['empty-value', 'the value is empty'],
  [Bad.notObject]: ['not-an-object', 'the value is not a JSON object'],
  [Bad.malformed]: ['malformed-json', 'the value is not valid JSON'],
  [Bad.truncated]: ['truncated-json', 'the value ends before its JSON is complete'],
  [Bad.depth]: ['nested-too-deep', 'the value is nested more than 512 levels deep'],
  [Bad.trailing]: ['trailing-bytes', 'the value goes on after its JSON object'],
  [Bad.utf8]: ['invalid-utf8', 'the value is not valid UTF-8'],
  [Bad.wrongType]: ['wrong-type', 'the JSON type does not fit'],
  [Bad.notInteger]: ['not-an-integer', 'the number is not written as an integer'],
  [Bad.outOfRange]: ['out-of-range', 'the number is too large'],
  [Bad.surrogate]: ['lone-surrogate', 'the string holds half of a surrogate pair'],
  [Bad.timestamp]: ['invalid-timestamp', 'the value is not a timestamp'],
  [Bad.envelope]: [
    'not-a-change',
    'the value is no Debezium change: it needs `op`, and `after` or, for a delete, `before`'
  ],
  [Bad.date]: ['invalid-date', 'the value is not a date'],
  [Bad.time]: ['invalid-time', 'the value is not a time of day'],
  [Bad.interval]: ['invalid-interval', 'the text is not an interval'],
  [Bad.bytes]: ['invalid-base64', 'the text is not base64'],
  [Bad.dimensions]: ['wrong-dimensions', 'the vector has another number of elements'],
  [Bad.missing]: ['missing-value', 'the field is missing or null, but the column is NOT NULL']
}

/** An error, and what it was spelled out from. */
interface Spelled {
  readonly status: DecodeStatus
  /** In the record. */
  readonly position: number
  readonly columns: readonly ColumnLabel[]
  readonly error: RecordError
}

/** Errors that came lately, by status and position: where every record is bad, most are as one of those before. */
const recent: (Spelled | undefined)[] = new Array<undefined>(256).fill(undefined)

/** Spells a status out for `Batch.reject`. `start` is where the record begins. Errors that are alike may be one object. */
export function recordError(
  status: DecodeStatus,
  start: number,
  columns: readonly ColumnLabel[]
): RecordError {
  const position = hasPosition(-(status & 0xff)) ? failedAt[0]! - start : 0
  const place = (position + 31 * status) & (recent.length - 1)
  const known = recent[place]
  if (
    known !== undefined &&
    known.status === status &&
    known.position === position &&
    known.columns === columns
  )
    return known.error
  const error = spellOut(status, position, columns)
  recent[place] = { status, position, columns, error }
  return error
}

function spellOut(
  status: DecodeStatus,
  position: number,
  columns: readonly ColumnLabel[]
): RecordError {
  const reason = -(status & 0xff)
  // Where the JSON breaks off is no column's fault, and a column that is not read would not be named either.
  const column = isSyntax(reason) ? null : (columns[(status >> 8) - 1] ?? null)
  const [code, text] = messages[reason] ?? ['malformed-json', 'the value is not valid JSON']
  const where = column === null ? '' : `column "${column.name}" ${column.type}: `
  const message = `${where}${text}${hasPosition(reason) ? ` (byte ${position})` : ''}`
  return {
    code,
    message,
    messageBytes: new TextEncoder().encode(message),
    column: column === null ? null : column.name,
    site: -1
  }
}

function isSyntax(reason: number): boolean {
  return (
    reason === Bad.malformed ||
    reason === Bad.truncated ||
    reason === Bad.depth ||
    reason === Bad.trailing
  )
}

function hasPosition(reason: number): boolean {
  return (
    reason !== Bad.nullValue &&
    reason !== Bad.emptyValue &&
    reason !== Bad.missing &&
    reason !== Bad.utf8
  )
}
