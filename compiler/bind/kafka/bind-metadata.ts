import type { ColumnDefinition } from '../../ast/index.ts'
import { metadataNotFound, metadataType } from '../../diagnostics/bind-kafka.ts'
import { type BoundColumn, type Expr, makeCast } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import {
  BIGINT,
  BYTES,
  canCast,
  INT,
  mapOf,
  sameType,
  showType,
  type SqlType,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ
} from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { applyFunction } from '../expressions/apply-function.ts'

type Metadata = Extract<BoundColumn['from'], { readonly kind: 'Metadata' }>

/** What Kafka says of a record, and as what it is read; other types are cast from the first one. Of several headers of one name the last counts. */
const metadataTypes: Readonly<Record<Metadata['what'], readonly SqlType[]>> = {
  key: [TEXT, BYTES],
  partition: [INT],
  offset: [BIGINT],
  timestamp: [TIMESTAMP, TIMESTAMPTZ, BIGINT],
  topic: [TEXT],
  headers: [mapOf(TEXT), mapOf(BYTES)]
}

const known = Object.keys(metadataTypes) as Metadata['what'][]

/** METADATA FROM a name, for a column of a type; null after a diagnostic. */
export function bindMetadata(
  { what, span }: NonNullable<ColumnDefinition['metadata']>,
  type: SqlType,
  typeSpan: Span,
  cx: BindContext
): Metadata | null {
  const found = known.find(name => name === what.toLowerCase())
  if (found === undefined) {
    report(cx, metadataNotFound(what, span, known))
    return null
  }
  const types = metadataTypes[found]
  const read = types.find(known => sameType(type, known)) ?? types[0]!
  const isJson = found === 'headers' && type.kind === 'Json'
  if (sameType(read, type) || isJson || canCast(read, type)) {
    return { kind: 'Metadata', what: found, type: read }
  }
  report(cx, metadataType(found, showType(type), types.map(showType), typeSpan))
  return null
}

/** Metadata as another type than it is read as. */
export function fromMetadata(value: Expr, type: SqlType, cx: BindContext): Expr {
  return type.kind === 'Json' && value.type.kind === 'Map'
    ? applyFunction('to_json', [value], value.span, cx)!
    : makeCast(value, type, false, value.span)
}

/** A column of each kind of metadata, by its name: a source without SCHEMA has them. */
export function metadataColumns(span: Span): BoundColumn[] {
  return known.map(what => {
    const type = metadataTypes[what][0]!
    return {
      name: what,
      type,
      notNull: false,
      from: { kind: 'Metadata', what, type },
      fitted: null,
      defaultValue: null,
      span
    }
  })
}
