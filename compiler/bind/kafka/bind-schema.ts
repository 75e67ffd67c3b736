import type { ColumnDefinition, CreateSource, SchemaElement } from '../../ast/index.ts'
import {
  constantNeeded,
  invalidJsonPath,
  invalidLiteral
} from '../../diagnostics/bind-expressions.ts'
import {
  fieldLeftOut,
  formatNeedsSchema,
  pathNeedsObject,
  schemaInvalid,
  textFormatColumns,
  wholeMessageType
} from '../../diagnostics/bind-kafka.ts'
import { duplicateColumn, notSupportedYet } from '../../diagnostics/bind.ts'
import { parseJsonPath } from '../../functions/index.ts'
import {
  type BoundColumn,
  type BoundSource,
  invariant,
  type LiteralValue,
  makeColumn
} from '../../ir/index.ts'
import { type Span, spanText } from '../../source/index.ts'
import {
  BYTES,
  type InferredColumns,
  type RowType,
  sameType,
  showType,
  type SqlType,
  TEXT,
  type TypeKind
} from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import { coerce } from '../expressions/coerce.ts'
import { makeNames } from '../queries/names-in-scope.ts'
import { fitText } from '../text-limit.ts'
import { bindLimited } from '../type-name.ts'
import { bindMetadata, fromMetadata, metadataColumns } from './bind-metadata.ts'
import type { SourceFormat } from './bind-source-format.ts'

interface Bound {
  readonly columns: readonly BoundColumn[]
  readonly schema: RowType
}

/** What the whole value of a record is, in a format without fields; null: it has fields. */
function wholeType(format: BoundSource['format']): SqlType | null {
  return hasFields(format) ? null : format === 'text' ? TEXT : BYTES
}

function hasFields(format: BoundSource['format']): boolean {
  return format !== 'text' && format !== 'bytes'
}

/** A source's columns; without SCHEMA it has one, the whole value, and what Kafka says of the record. Null after a diagnostic. */
export function bindSchema(
  { schema, name }: CreateSource,
  { decoded: format, format: told, known }: SourceFormat,
  cx: BindContext
): Bound | null {
  if (known !== null && schema?.kind !== 'Schema') {
    const span = schema?.span ?? name.span
    // A table keeps all that its columns are: what Kafka says of a record is none of it.
    const metadata = told === 'upsert' || told === 'debezium' ? [] : metadataColumns(span)
    return inferSchema(known, metadata, span, cx)
  }
  if (schema === null && format === 'arrow') {
    report(cx, formatNeedsSchema(name.name, format, name.span))
    return null
  }
  if (schema === null) {
    const columns = [
      valueColumn('value', wholeType(format) ?? TEXT, name.span),
      ...metadataColumns(name.span)
    ]
    return { columns, schema: hideMetadata(rowOf(columns), 1) }
  }
  invariant(schema.kind === 'Schema', 'what is inferred is known', schema.span)
  const columns = bindElements(schema.elements, format, cx)
  if (columns === null) return null
  const fields = columns.filter(({ from }) => from.kind === 'Value').length
  const whole = wholeType(format)
  if (whole !== null && fields > 1) {
    report(cx, textFormatColumns(format, showType(whole), schema.span))
    return null
  }
  return { columns, schema: rowOf(columns) }
}

/** Null after a diagnostic. */
function bindElements(
  elements: readonly SchemaElement[],
  format: BoundSource['format'],
  cx: BindContext
): BoundColumn[] | null {
  const columns: BoundColumn[] = []
  let complete = true
  for (const element of elements) {
    if (element.kind === 'PrimaryKey' || element.kind === 'Watermark') continue
    const column = bindElement(element, columns, format, cx)
    if (column === null) complete = false
    else if (columns.some(other => other.name === column.name)) {
      report(cx, duplicateColumn(column.name, nameSpan(element), 'declaration'))
      complete = false
    } else columns.push(column)
  }
  return complete ? columns : null
}

/** The columns are the fields of a schema. All may be NULL: those who write the topic may leave any out one day. */
function inferSchema(
  known: InferredColumns,
  metadata: readonly BoundColumn[],
  span: Span,
  cx: BindContext
): Bound | null {
  const { columns: inferred, left } = known
  for (const { name, what } of left) report(cx, fieldLeftOut(name, what, span))
  if (inferred.length === 0) {
    report(cx, schemaInvalid('it has no field that could be a column', span))
    return null
  }
  const columns = inferred.map(({ name, type, default: value }) => ({
    ...{ name, type, notNull: false, fitted: null, span },
    from: { kind: 'Field', path: [name] } as const,
    defaultValue: value === null ? null : { value }
  }))
  const names = new Set(columns.map(({ name }) => name.toLowerCase()))
  const all = [...columns, ...metadata.filter(({ name }) => !names.has(name))]
  return { columns: all, schema: hideMetadata(rowOf(all), columns.length) }
}

/** What nobody has declared is there for who asks for it, but no part of `*`. */
function hideMetadata({ columns }: RowType, own: number): RowType {
  return {
    columns: columns.map((column, i) => (i < own ? column : { ...column, implicit: true as const }))
  }
}

function nameSpan(element: SchemaElement): Span {
  return 'name' in element ? element.name.span : element.span
}

function rowOf(columns: readonly BoundColumn[]): RowType {
  return {
    columns: columns.map(({ name, type, notNull, from }) => ({
      name,
      type,
      nullable: !notNull && !neverNull(from)
    }))
  }
}

function neverNull(from: BoundColumn['from']): boolean {
  if (from.kind === 'Generated') return !from.expr.nullable
  return from.kind === 'Metadata' && from.what !== 'key'
}

function valueColumn(name: string, type: SqlType, span: BoundColumn['span']): BoundColumn {
  return {
    name,
    type,
    notNull: false,
    from: { kind: 'Value' },
    fitted: null,
    defaultValue: null,
    span
  }
}

function bindElement(
  element: Exclude<SchemaElement, { kind: 'PrimaryKey' | 'Watermark' }>,
  before: readonly BoundColumn[],
  format: BoundSource['format'],
  cx: BindContext
): BoundColumn | null {
  switch (element.kind) {
    case 'ColumnDefinition':
      return bindColumn(element, before.length, format, cx)
    case 'GeneratedColumn': {
      const names = makeNames(null, rowOf(before), cx)
      const expr = bindExpr(element.expression, { bind: cx, names })
      if (expr === null) return null
      const { name, span } = element
      const from = { kind: 'Generated', expr } as const
      return {
        name: name.name,
        type: expr.type,
        notNull: false,
        from,
        fitted: null,
        defaultValue: null,
        span
      }
    }
  }
}

function bindColumn(
  column: ColumnDefinition,
  index: number,
  format: BoundSource['format'],
  cx: BindContext
): BoundColumn | null {
  const { name, notNull, span } = column
  const bound = bindLimited(column.type, cx)
  if (bound === null) return null
  const { type, limit } = bound
  const from = originOf(column, type, format, cx)
  if (from === null) return null
  const whole = wholeType(format)
  if (whole !== null && from.kind === 'Value' && !sameType(type, whole)) {
    report(cx, textFormatColumns(format, showType(whole), column.type.span))
    return null
  }
  const defaultValue = bindDefault(column, type, cx)
  if (defaultValue === undefined) return null
  const read = from.kind === 'Metadata' ? from.type : type
  const nullable = !notNull && !neverNull(from)
  const value = makeColumn(index, { name: name.name, type: read, nullable }, column.type.span)
  const cast = sameType(read, type) ? value : fromMetadata(value, type, cx)
  const fitted = limit === null ? cast : fitText(cast, limit, cx)
  return {
    name: name.name,
    type,
    notNull,
    from,
    fitted: fitted === value ? null : fitted,
    defaultValue,
    span
  }
}

function originOf(
  column: ColumnDefinition,
  type: SqlType,
  format: BoundSource['format'],
  cx: BindContext
): BoundColumn['from'] | null {
  const { name, path, metadata } = column
  if (metadata !== null) return bindMetadata(metadata, type, column.type.span, cx)
  if (!hasFields(format)) return { kind: 'Value' }
  if (path === null) return { kind: 'Field', path: [name.name] }
  const steps = parseJsonPath(path.text)
  if (steps === null) {
    report(cx, invalidJsonPath(path.text, path.span))
    return null
  }
  const isNamed = format === 'avro' || format === 'protobuf'
  if (isNamed && (steps.length === 0 || !steps.every(step => typeof step === 'string'))) {
    const hint = 'Declare the array, or the fields, and take them apart in the query.'
    report(
      cx,
      notSupportedYet(
        `a PATH of ${format === 'avro' ? 'Avro' : 'Protobuf'} that is no field in a field`,
        path.span,
        hint
      )
    )
    return null
  }
  if (steps.length === 0 && format !== 'json') {
    report(cx, notSupportedYet(`the whole row as a column in format '${format}'`, path.span))
    return null
  }
  if (steps.length === 0 && !wholeTypes.includes(type.kind)) {
    report(cx, wholeMessageType(showType(type), column.type.span))
    return null
  }
  if (typeof steps[0] === 'number') {
    report(cx, pathNeedsObject(path.text, path.span))
    return null
  }
  return { kind: 'Field', path: steps }
}

/** What a JSON object can be read as. */
const wholeTypes: readonly TypeKind[] = ['Text', 'Json', 'Row', 'Map']

/** Undefined after a diagnostic. */
function bindDefault(
  { defaultValue }: ColumnDefinition,
  type: SqlType,
  cx: BindContext
): { readonly value: LiteralValue } | null | undefined {
  if (defaultValue === null) return null
  const expr = bindExpr(defaultValue, { bind: cx, names: null })
  const literal = expr === null ? null : coerce(expr, type, cx)
  if (literal === null) return undefined
  if (literal.kind === 'Literal') return { value: literal.value }
  const { span } = defaultValue
  const isLiteral = expr?.kind === 'Literal'
  if (isLiteral) report(cx, invalidLiteral(spanText(span), showType(type), span))
  else report(cx, constantNeeded('DEFAULT', 'literal', span))
  return undefined
}
