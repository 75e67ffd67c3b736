import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CreateSource } from '../../ast/index.ts'
import { type AvroSchema, inferColumns, readSchema, rowOfChange } from '../../avro/index.ts'
import {
  parameterConflict,
  registryMissing,
  schemaFileMissing,
  schemaInvalid,
  schemaNeeded,
  schemaNotFetched
} from '../../diagnostics/bind-kafka.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import type { BoundProtoSchema, BoundRegistry, BoundSource } from '../../ir/index.ts'
import { sourceFormats, valueFormats } from '../../kafka/index.ts'
import { inferMessage, readProtoFiles } from '../../protobuf/index.ts'
import type { SubjectSchema } from '../../session.ts'
import { explainReadError, type Span } from '../../source/index.ts'
import type { InferredColumns } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import type { Parameters } from './parameters.ts'

export interface SourceFormat {
  /** The parameter `format`, as it is or as the registry's schema has it. */
  readonly format: (typeof sourceFormats)[number]
  /** How a record's value is read. */
  readonly decoded: BoundSource['format']
  readonly writerSchema: string | null
  readonly protoSchema?: BoundProtoSchema
  /** What columns are made of where the script declares none. */
  readonly known: InferredColumns | null
}

/** What a source's records are; null after a diagnostic. */
export function bindSourceFormat(
  { schema, name }: CreateSource,
  parameters: Parameters,
  registry: BoundRegistry | null,
  cx: BindContext
): SourceFormat | null {
  const format = parameters.choice('format', sourceFormats, 'json')
  if (schema?.kind === 'InferFromRegistry') {
    if (registry !== null) return bindInferred(registry, format, parameters, schema.span, cx)
    report(cx, registryMissing('INFER FROM REGISTRY', schema.span))
    return null
  }
  const isTable = ofTables.has(format)
  const valueFormat = parameters.choice('value_format', valueFormats, 'json')
  if (parameters.has('value_format') && !isTable) {
    const what = `value_format with the format ${format}`
    report(cx, notSupportedYet(what, parameters.span('value_format')))
    return null
  }
  const decoded = isTable ? valueFormat : decodedAs(format)
  if (decoded === 'protobuf') {
    return bindProtobuf(schema === null ? name.span : null, parameters, registry, cx)
  }
  if (decoded !== 'avro') {
    refuseSchemas(format, parameters, cx)
    return { format, decoded, writerSchema: null, known: null }
  }
  const avro = bindAvro(schema === null ? name.span : null, parameters, registry, cx)
  return avro === null ? null : { ...avro, format }
}

/** `bare`: where the source has no SCHEMA. */
function bindAvro(
  bare: Span | null,
  parameters: Parameters,
  registry: BoundRegistry | null,
  cx: BindContext
): SourceFormat | null {
  const file = bindSchemaFile(parameters, registry, cx)
  if (file === undefined) return null
  if (file === null && registry === null) {
    const place = parameters.has('value_format') ? 'value_format' : 'format'
    report(cx, schemaNeeded('avro', NO_WRITER, parameters.span(place)))
    return null
  }
  if (bare !== null && file === null) {
    report(cx, schemaNeeded('avro', NO_COLUMNS, bare))
    return null
  }
  const known = file === null ? null : inferColumns(file.schema)
  return { format: 'avro', decoded: 'avro', writerSchema: file?.text ?? null, known }
}

const NO_WRITER =
  "Say where the registry is (schema_registry_url = 'http://localhost:8081'), or name the file of the schema that they were written with (avro_schema = 'orders.avsc')."
const NO_COLUMNS = 'Declare the columns, or write SCHEMA (INFER FROM REGISTRY).'

/** How a record's value is read; of a table its `value_format` says it. */
function decodedAs(format: (typeof sourceFormats)[number]): BoundSource['format'] {
  return format === 'upsert' || format === 'debezium' ? 'json' : format
}

const ofTables: ReadonlySet<string> = new Set(['upsert', 'debezium'])

/** What only formats with schemas take. */
export function refuseSchemas(format: string, parameters: Parameters, cx: BindContext): void {
  for (const name of ['schema_registry_url', 'avro_schema', 'proto_file', 'proto_message']) {
    if (!parameters.has(name)) continue
    const hint = ofTables.has(format)
      ? "Rows in Avro are said so: value_format = 'avro'."
      : undefined
    report(cx, notSupportedYet(`${name} with the format ${format}`, parameters.span(name), hint))
  }
}

/** The format is that of the schema, unless the script names one. */
function bindInferred(
  registry: BoundRegistry,
  named: SourceFormat['format'],
  parameters: Parameters,
  span: Span,
  cx: BindContext
): SourceFormat | null {
  const { url, subject, properties } = registry
  const found = cx.session.options.schemas?.({
    ...{ url, subject },
    properties: Object.fromEntries(properties.map(({ name, value }) => [name, value]))
  })
  if (found === undefined || typeof found === 'string') {
    report(cx, schemaNotFetched(subject, found ?? 'no registry was asked', span))
    return null
  }
  const isNamed = parameters.has('format')
  const decoded = formatsOf[found.type]
  const isTable = ofTables.has(named)
  const wanted = isTable ? parameters.choice('value_format', valueFormats, 'avro') : named
  const isRead = isTable ? decoded === 'avro' : decoded !== null
  if (!isRead || (isNamed && wanted !== decoded)) {
    const what = `schemas in ${found.type}${isNamed ? ` with the format ${named}` : ''}`
    report(cx, notSupportedYet(what, span))
    return null
  }
  const known = inferSubject(found, named === 'debezium')
  if (typeof known === 'string') {
    report(cx, schemaInvalid(known, span))
    return null
  }
  return { format: isTable ? named : decoded!, decoded: decoded!, writerSchema: null, known }
}

const formatsOf = { AVRO: 'avro', PROTOBUF: 'protobuf', JSON: null } as const

/** A string says what is wrong with the schema. `isChange`: it is one of Debezium's changes, in which the row is. */
function inferSubject(
  { type, text, references }: SubjectSchema,
  isChange: boolean
): InferredColumns | string {
  // Records say which message they are: most are the first one.
  if (type === 'PROTOBUF') return inferMessage([{ name: '', text }, ...references], null)
  const schema = readSchema(
    text,
    references.map(reference => reference.text)
  )
  if (typeof schema === 'string') return schema
  const row = isChange ? rowOfChange(schema) : schema
  return row === null ? 'it is no change of a row: it has no record "after"' : inferColumns(row)
}

/** `bare`: where the source has no SCHEMA. */
function bindProtobuf(
  bare: Span | null,
  parameters: Parameters,
  registry: BoundRegistry | null,
  cx: BindContext
): SourceFormat | null {
  const found = {
    format: 'protobuf',
    decoded: 'protobuf',
    writerSchema: null,
    known: null
  } as const
  if (!parameters.has('proto_file')) {
    if (registry !== null && bare === null) return found
    if (registry !== null) {
      report(cx, schemaNeeded('protobuf', NO_COLUMNS, bare!))
      return null
    }
    report(cx, schemaNeeded('protobuf', NO_MESSAGE, parameters.span('format')))
    return null
  }
  const span = parameters.span('proto_file')
  if (registry !== null) {
    const other = parameters.span('schema_registry_url')
    report(cx, parameterConflict('schema_registry_url', 'proto_file', span, other))
    return null
  }
  try {
    const { directory } = cx.session.options
    const files = readProtoFiles(parameters.text('proto_file', ''), directory, cx.session.files)
    const message = parameters.has('proto_message') ? parameters.text('proto_message', '') : null
    // Columns that are declared are compared with the message where they are bound.
    const known = typeof files === 'string' || bare === null ? null : inferMessage(files, message)
    if (typeof files !== 'string' && typeof known !== 'string') {
      return { ...found, known, protoSchema: { files, message } }
    }
    report(cx, schemaInvalid(String(known ?? files), span))
  } catch (error) {
    report(cx, schemaFileMissing(explainReadError(error), span))
  }
  return null
}

const NO_MESSAGE =
  "Say where the registry is (schema_registry_url = 'http://localhost:8081'), or name the file that declares the message (proto_file = 'orders.proto')."

/** The file of `avro_schema`; null: it is not given, undefined after a diagnostic. */
function bindSchemaFile(
  parameters: Parameters,
  registry: BoundRegistry | null,
  cx: BindContext
): { readonly text: string; readonly schema: AvroSchema } | null | undefined {
  if (!parameters.has('avro_schema')) return null
  const span = parameters.span('avro_schema')
  if (registry !== null) {
    const other = parameters.span('schema_registry_url')
    report(cx, parameterConflict('schema_registry_url', 'avro_schema', span, other))
    return undefined
  }
  const path = resolve(cx.session.options.directory, parameters.text('avro_schema', ''))
  cx.session.files?.add(path)
  try {
    const text = readFileSync(path, 'utf8')
    const schema = readSchema(text)
    if (typeof schema !== 'string') return { text: JSON.stringify(JSON.parse(text)), schema }
    report(cx, schemaInvalid(schema, span))
  } catch (error) {
    report(cx, schemaFileMissing(explainReadError(error), span))
  }
  return undefined
}
