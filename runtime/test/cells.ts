import { jsonExtract, unquoteJson } from '../functions/index.ts'
import { printable } from '../observe/printable.ts'
import { canonicalJson } from './canonical-json.ts'
import { canonicalNumber } from './canonical-number.ts'
import type { TestColumn, ValueKind } from './plan.ts'

/** A value as it is compared, and as people read it: both say the same of it. */
export interface Cell {
  readonly same: string
  readonly shown: string
}

export type Row = readonly Cell[]

/** The cells of a row, which is a JSON object. */
export function readRow(columns: readonly TestColumn[], row: string): Row {
  return columns.map(({ name, type }) => readCell(type, jsonExtract(row, [name], -1)))
}

function readCell(type: ValueKind, json: string | null): Cell {
  if (json === null) return { same: 'NULL', shown: 'NULL' }
  switch (type) {
    case 'number':
      return number(canonicalNumber(unquoteJson(json)))
    case 'double':
      // Adding 0 makes -0 and 0 the same, as SQL has them.
      return number(String(Number(unquoteJson(json)) + 0))
    case 'json':
      return text(canonicalJson(json))
    case 'text':
      return json[0] === '"' ? text(unquoteJson(json)) : { same: json, shown: json }
  }
}

function number(digits: string): Cell {
  return { same: digits, shown: digits }
}

function text(value: string): Cell {
  const quoted = `'${value.replaceAll("'", "''")}'`
  return { same: quoted, shown: printable(quoted) }
}
