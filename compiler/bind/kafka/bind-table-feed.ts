import type { CreateSource } from '../../ast/index.ts'
import {
  formatNeedsPrimaryKey,
  keyColumnFromRecord,
  primaryKeyNeedsFormat
} from '../../diagnostics/bind-tables.ts'
import {
  type BoundColumn,
  type Expr,
  makeCall,
  makeCase,
  makeCast,
  makeColumn,
  makeLiteral,
  nullKey,
  type TableFeed
} from '../../ir/index.ts'
import { keyFormats } from '../../kafka/index.ts'
import { BOOLEAN, JSON_TYPE, sameType, TEXT } from '../../types/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { type BindContext, report } from '../context.ts'
import { keyOfElements } from '../tables.ts'
import type { SourceFormat } from './bind-source-format.ts'
import type { Parameters } from './parameters.ts'

const eventKeyFormats = ['text', 'json', 'bytes'] as const

/** How a source's records change the table that its topic is; null: they are events. */
export function bindTableFeed(
  { name, schema }: CreateSource,
  { format, decoded, writerSchema }: SourceFormat,
  columns: readonly BoundColumn[],
  parameters: Parameters,
  cx: BindContext
): TableFeed | null {
  const elements = schema?.elements ?? []
  const key = keyOfElements(elements, columns, cx)
  if (format !== 'upsert' && format !== 'debezium') {
    if (key !== null) report(cx, primaryKeyNeedsFormat(name.name, name.span))
    // What the key is of an event is the type of its METADATA FROM 'key'.
    parameters.choice('key_format', eventKeyFormats, 'bytes')
    return null
  }
  if (key === null || key.columns.length === 0) {
    if (key === null) report(cx, formatNeedsPrimaryKey(name.name, format, name.span))
    return null
  }
  const keyColumns = key.columns.map(index => columns[index]!)
  for (const { from, name: column, span } of keyColumns) {
    if (from.kind !== 'Field' || from.path.length !== 1)
      report(cx, keyColumnFromRecord(column, span))
  }
  const isNamed = decoded === 'avro' && writerSchema === null
  const rows = { format, key: key.columns, nullsInKey: key.nulls }
  return withKey(rows, keyColumns, isNamed, parameters, cx)
}

/** `isNamed`: whether records name their schemas in Avro. */
function withKey(
  rows: Pick<TableFeed, 'format' | 'key' | 'nullsInKey'>,
  columns: readonly BoundColumn[],
  isNamed: boolean,
  parameters: Parameters,
  cx: BindContext
): TableFeed {
  const usual = columns.length > 1 ? 'json' : 'text'
  const keyFormat = parameters.choice('key_format', keyFormats, usual)
  const read = (as: 'text' | 'json'): Expr[] => columns.map(column => keyValue(column, as))
  const plain = { ...rows, keyFormat: usual, fromKey: read(usual), plain: null } as const
  if (keyFormat !== 'avro') return { ...plain, keyFormat, fromKey: read(keyFormat) }
  if (!isNamed) {
    const what = "key_format 'avro' where the rows do not name their schemas in Avro"
    report(cx, notSupportedYet(what, parameters.span('key_format')))
  }
  return { ...rows, keyFormat, fromKey: [], plain }
}

/** As sinks write keys: one column is plain text, several are a JSON object. */
function keyValue({ name, type, span }: BoundColumn, format: 'text' | 'json'): Expr {
  const key = makeColumn(0, { name: 'key', type: TEXT, nullable: false }, span)
  if (format === 'text') {
    const none = makeLiteral(nullKey(name), TEXT, span)
    const isNull = makeCall('equal', [key, none], BOOLEAN, false, span)
    const whereNull = { when: isNull, then: makeLiteral(null, type, span) }
    return makeCase([whereNull], cast(key, type), type, span)
  }
  const path = makeLiteral(`$[${JSON.stringify(name)}]`, TEXT, span)
  return cast(makeCall('json_extract', [key, path], JSON_TYPE, true, span), type)
}

function cast(expr: Expr, type: BoundColumn['type']): Expr {
  return sameType(expr.type, type) ? expr : makeCast(expr, type, false, expr.span)
}
