import type { TableRow } from '../contract/index.ts'
import type { Answer } from './answer.ts'
import type { WireColumn } from './messages.ts'
import { binaryToText, parameterType } from './parameter-types.ts'
import { utf8 } from './field-reader.ts'
import { SqlStateError } from './sql-state-error.ts'
import type { StatementText } from './statement-text.ts'

/** What Parse makes: a statement with the types that the client has given to its parameters. */
export interface PreparedStatement {
  readonly statement: StatementText
  /** How many characters stand before it in what the client has sent. */
  readonly origin: number
  /** OIDs by parameter; 0: the statement decides. */
  readonly declared: readonly number[]
  /** What is known of it without running it; absent: nobody has asked. */
  facts?: StatementFacts
}

export interface StatementFacts {
  /** OIDs of its parameters. */
  readonly parameters: readonly number[]
  /** Null: it gives none. `unknown`: they show when it has run, which changes nothing. */
  readonly columns: readonly WireColumn[] | null | 'unknown'
}

/** What Bind makes: a statement with the values of its parameters, and how far its rows have been read. A cursor is one too. */
export interface Portal {
  readonly prepared: PreparedStatement
  /** SQL for each parameter. */
  readonly values: readonly BoundValue[]
  /** 0 is text, 1 binary; none: text; one: of all columns. */
  readonly formats: readonly number[]
  /** Absent: it has not run. */
  answer?: Answer
  /** How many of its rows have been read. */
  at: number
  /** A cursor WITH HOLD: it outlives its transaction. */
  readonly isHeld?: boolean
  /** A cursor with NO SCROLL. */
  readonly isForward?: boolean
}

/** NULL, or a text with its type. */
export interface BoundValue {
  readonly text: string | null
  readonly oid: number
}

export function readValue(bytes: Buffer | null, format: number, oid: number): BoundValue {
  if (bytes === null) return { text: null, oid }
  const text = format === 0 ? utf8(bytes) : binaryToText(bytes, oid)
  if (text.includes('\0')) throw new SqlStateError('22021', 'a text has no zero byte')
  return { text, oid }
}

/** The value as SQL: a literal of its type, or one whose type its place decides. */
export function sqlOfValue({ text, oid }: BoundValue, isCount: boolean): string {
  if (isCount) return countOf(text)
  const type = parameterType(oid)?.sql ?? null
  const literal = text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
  return type === null ? literal : `CAST(${literal} AS ${type})`
}

/** What stands for a value that is not known yet, in a statement that is only described. */
export function sqlOfUnknown(oid: number, isCount: boolean): string {
  if (isCount) return '0'
  const type = parameterType(oid)?.sql ?? null
  return type === null ? "''" : `CAST('' AS ${type})`
}

/** Nothing but digits: behind LIMIT and OFFSET the language takes no other expression. */
function countOf(text: string | null): string {
  if (text !== null && /^\d{1,15}$/.test(text)) return text
  throw new SqlStateError('22023', 'LIMIT and OFFSET take a whole number that is not negative')
}

/** The rows of a portal that come next. */
export function nextRows(portal: Portal, most: number): readonly TableRow[] {
  const { answer, at } = portal
  if (answer?.kind !== 'rows') return []
  return answer.rows.slice(at, most === 0 ? undefined : at + most)
}
