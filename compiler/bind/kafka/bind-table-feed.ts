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
  makeCast,
  makeColumn,
  makeLiteral,
  type TableFeed
} from '../../ir/index.ts'
import { JSON_TYPE, sameType, TEXT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { keyOfElements } from '../tables.ts'
import type { Parameters } from './parameters.ts'

const keyFormats = ['text', 'json'] as const
const eventKeyFormats = [...keyFormats, 'bytes'] as const

/** How a source's records change the table that its topic is; null: they are events. */
export function bindTableFeed(
  { name, schema }: CreateSource,
  format: string,
  columns: readonly BoundColumn[],
  parameters: Parameters,
  cx: BindContext
): TableFeed | null {
  const elements = schema?.kind === 'Schema' ? schema.elements : []
  const key = keyOfElements(elements, columns, cx)
  if (format !== 'upsert' && format !== 'debezium') {
    if (key !== null) report(cx, primaryKeyNeedsFormat(name.name, name.span))
    // What the key is of an event is the type of its METADATA FROM 'key'.
    parameters.choice('key_format', eventKeyFormats, 'bytes')
    return null
  }
  if (key === null || key.length === 0) {
    if (key === null) report(cx, formatNeedsPrimaryKey(name.name, format, name.span))
    return null
  }
  const keyColumns = key.map(index => columns[index]!)
  for (const { from, name: column, span } of keyColumns) {
    if (from.kind !== 'Field' || from.path.length !== 1)
      report(cx, keyColumnFromRecord(column, span))
  }
  const keyFormat = parameters.choice('key_format', keyFormats, key.length > 1 ? 'json' : 'text')
  return { format, key, keyFormat, fromKey: keyColumns.map(column => keyValue(column, keyFormat)) }
}

/** As sinks write keys: one column is plain text, several are a JSON object. */
function keyValue({ name, type, span }: BoundColumn, format: 'text' | 'json'): Expr {
  const key = makeColumn(0, { name: 'key', type: TEXT, nullable: true }, span)
  if (format === 'text') return cast(key, type)
  const path = makeLiteral(`$[${JSON.stringify(name)}]`, TEXT, span)
  return cast(makeCall('json_extract', [key, path], JSON_TYPE, true, span), type)
}

function cast(expr: Expr, type: BoundColumn['type']): Expr {
  return sameType(expr.type, type) ? expr : makeCast(expr, type, false, expr.span)
}
