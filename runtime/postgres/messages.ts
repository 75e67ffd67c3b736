import type { TableRow } from '../contract/index.ts'
import type { MessageWriter } from './message-writer.ts'
import type { WireType } from './wire-type.ts'

// What a server sends: https://www.postgresql.org/docs/15/protocol-message-formats.html

export interface WireColumn {
  readonly name: string
  readonly type: WireType
}

export interface Report {
  readonly severity: 'FATAL' | 'ERROR' | 'WARNING' | 'NOTICE'
  readonly sqlState: string
  readonly message: string
  readonly detail?: string | null
  readonly hint?: string | null
  /** In characters of the statement, from 1. */
  readonly position?: number | null
  /** Our own code of it, where PostgreSQL names a function of its source. */
  readonly code?: string | null
}

/** 'I': idle; 'T': in a transaction; 'E': in one that has failed. */
export type TransactionStatus = 'I' | 'T' | 'E'

export function writeReport(writer: MessageWriter, report: Report): void {
  const { severity, sqlState, message, detail, hint, position, code } = report
  const fields = {
    S: severity,
    V: severity,
    C: sqlState,
    M: message,
    D: detail,
    H: hint,
    P: position === null || position === undefined ? null : String(position),
    R: code
  }
  writer.begin(severity === 'WARNING' || severity === 'NOTICE' ? 'N' : 'E')
  for (const [field, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) writer.byte(field.charCodeAt(0)).text(value)
  }
  writer.byte(0).end()
}

export function writeParameterStatus(writer: MessageWriter, name: string, value: string): void {
  writer.begin('S').text(name).text(value).end()
}

export function writeReady(writer: MessageWriter, status: TransactionStatus): void {
  writer.begin('Z').byte(status.charCodeAt(0)).end()
}

export function writeComplete(writer: MessageWriter, tag: string): void {
  writer.begin('C').text(tag).end()
}

/** Formats: 0 is text, 1 binary. */
export function writeRowDescription(
  writer: MessageWriter,
  columns: readonly WireColumn[],
  formatOf: (column: number) => number
): void {
  writer.begin('T').int16(columns.length)
  columns.forEach(({ name, type }, i) => {
    // Which column of which table it is, is not told.
    writer.text(name).int32(0).int16(0)
    writer.int32(type.oid).int16(type.size).int32(type.modifier).int16(formatOf(i))
  })
  writer.end()
}

export function writeRow(
  writer: MessageWriter,
  row: TableRow,
  columns: readonly WireColumn[],
  formatOf: (column: number) => number
): void {
  writer.begin('D').int16(columns.length)
  columns.forEach(({ type }, i) => {
    const value = row[i]
    if (value === null || value === undefined) writer.value(null)
    else if (formatOf(i) === 0) writer.textValue(type.text(value as never))
    else writer.value(type.binary(value as never))
  })
  writer.end()
}
