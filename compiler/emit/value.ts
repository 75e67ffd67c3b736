import { js, type Code } from '../code/index.ts'
import type { RowType } from '../types/index.ts'

/** How NULL shows in a value's code: never, as `null`, or as NaN (numbers in the decoder's Float64Arrays). */
export type NullForm = 'never' | 'null' | 'nan'

/** A SQL value in generated code. */
export interface Value {
  readonly code: Code
  readonly nulls: NullForm
  /** A name, literal or array element: free to repeat, and any operator may stand beside it. */
  readonly simple: boolean
  /** A DOUBLE that a decoder has read: never NaN or infinite. */
  readonly finite?: boolean
  /** The bytes that it has in the record, where a sink can copy them. */
  readonly copy?: CopyRange
  /** The code makes the value of those bytes, each time that it runs. */
  readonly isUnread?: boolean
  /** The code gives the value's JSON as bytes. */
  readonly encoded?: boolean
}

/** A pair of positions in the batch's bytes; a start of -1 is NULL. */
export interface CopyRange {
  readonly start: Code
  readonly end: Code
  /** What writes it. */
  readonly method: 'copy' | 'textRange' | 'decimalRange' | 'writeRange'
  /** The value, of a TypeScript type, for a start of -2: where the bytes are not what a sink writes. */
  readonly instead: { readonly code: Code; readonly type: Code; readonly codec: Code } | null
}

export function simpleValue(code: Code, nulls: NullForm): Value {
  return { code, nulls, simple: true }
}

export function computed(code: Code, nulls: NullForm): Value {
  return { code, nulls, simple: false }
}

/** TRUE where the value is NULL; the value must be simple, or unread. Null: it never is. */
export function nullTest({ code, nulls, copy, isUnread }: Value): Code | null {
  if (nulls === 'never') return null
  if (isUnread === true && copy !== undefined) return js`${copy.start} < 0`
  return nulls === 'null' ? js`${code} === null` : js`${code} !== ${code}`
}

/** TRUE where the value is not NULL; the value must be simple. */
export function notNullTest({ code, nulls }: Value): Code | null {
  if (nulls === 'never') return null
  return nulls === 'null' ? js`${code} !== null` : js`${code} === ${code}`
}

/** The code of a value where NULL is `null`. */
export function withNull(value: Value): Code {
  const { code, nulls, simple } = value
  if (nulls === 'nan') return js`(${code} !== ${code} ? null : ${code})`
  return simple ? code : js`(${code})`
}

/** The code as an operand: in parentheses unless nothing can come between. */
export function operand({ code, simple }: Value): Code {
  return simple ? code : js`(${code})`
}

/** TRUE where one of them is. */
export function any(tests: readonly Code[]): Code {
  if (tests.length === 0) return js`false`
  if (tests.length === 1) return js`(${tests[0]!})`
  return js`(${tests.map(test => js`(${test})`).reduce((a, b) => js`${a} || ${b}`)})`
}

/** A tuple as values: an element per column. */
export function rowValues({ columns }: RowType, row: Code): Value[] {
  return columns.map(({ nullable }, index) =>
    simpleValue(js`${row}[${index}]`, nullable ? 'null' : 'never')
  )
}

/** A row as a list, NULL as null. */
export function listOf(row: readonly Value[]): Code {
  return js`[${row.map(withNull)}]`
}
