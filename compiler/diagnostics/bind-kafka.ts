import { type Span, spanText } from '../source/index.ts'
import { didYouMean } from './bind.ts'
import { closest } from './closest.ts'
import type { Diagnostic } from './diagnostic.ts'

export function connectorNotFound(name: string, span: Span) {
  return {
    code: 'connector-not-found',
    severity: 'error',
    span,
    message: `no connector is called "${name}"`,
    hint: 'The connector is KAFKA.'
  } satisfies Diagnostic
}

export function parameterNotFound(
  clause: string,
  name: string,
  span: Span,
  known: readonly string[]
) {
  const here = usualNames[name.toLowerCase().replaceAll('.', '_')]
  return {
    code: 'parameter-not-found',
    severity: 'error',
    span,
    message: `${clause} has no parameter "${name}"`,
    ...(here !== undefined && known.includes(here)
      ? { hint: `Did you mean "${here}"?` }
      : didYouMean(name, known))
  } satisfies Diagnostic
}

/** What Kafka and other databases call a parameter. */
const usualNames: Readonly<Record<string, string>> = {
  bootstrap_servers: 'brokers',
  properties_bootstrap_server: 'brokers',
  properties_bootstrap_servers: 'brokers',
  scan_startup_mode: 'auto_offset_reset',
  consumer_group: 'group_id',
  value_format: 'format',
  compression_type: 'compression'
}

export function parameterRepeated(name: string, span: Span, first: Span) {
  return {
    code: 'parameter-repeated',
    severity: 'error',
    span,
    message: `"${name}" is set twice`,
    related: [{ message: 'it is set here first', span: first }]
  } satisfies Diagnostic
}

/** The value is shown as it is written; `choices` are what it could have been, if these are few. */
export function parameterValue(
  name: string,
  wanted: string,
  span: Span,
  choices: readonly string[] = []
) {
  const near = closest(spanText(span).replaceAll("'", ''), choices)
  return {
    code: 'parameter-value',
    severity: 'error',
    span,
    message: `"${name}" must be ${wanted}, not ${spanText(span)}`,
    ...(near === null ? {} : { hint: `Did you mean '${near}'?` })
  } satisfies Diagnostic
}

export function parameterConflict(
  parameter: string,
  property: string,
  span: Span,
  parameterSpan: Span
) {
  return {
    code: 'parameter-conflict',
    severity: 'error',
    span,
    message: `"${property}" contradicts the parameter "${parameter}"`,
    hint: 'Set only one of them.',
    related: [{ message: `"${parameter}" is set here`, span: parameterSpan }]
  } satisfies Diagnostic
}

export function propertyNotFound(name: string, span: Span, known: readonly string[]) {
  return {
    code: 'property-not-found',
    severity: 'error',
    span,
    message: `Kafka has no property "${name}"`,
    ...didYouMean(name, known)
  } satisfies Diagnostic
}

export function propertyOfOtherClient(name: string, client: 'source' | 'sink', span: Span) {
  return {
    code: 'property-of-other-client',
    severity: 'error',
    span,
    message: `"${name}" belongs to a ${client}`,
    hint: `A source takes consumer properties, a sink producer properties.`
  } satisfies Diagnostic
}

export function propertyOfJava(name: string, hint: string, span: Span) {
  return {
    code: 'property-of-java',
    severity: 'error',
    span,
    message: `"${name}" only means something to Kafka's Java clients`,
    hint
  } satisfies Diagnostic
}

export function propertyReserved(name: string, value: string, why: string, span: Span) {
  return {
    code: 'property-reserved',
    severity: 'error',
    span,
    message: `"${name}" can't be set to '${value}' in a pipeline`,
    hint: why
  } satisfies Diagnostic
}

export function secretInScript(name: string, span: Span) {
  return {
    code: 'secret-in-script',
    severity: 'warning',
    span,
    message: `"${name}" holds a secret that everybody can read in the script and in the executable`,
    hint: `Write '\${ENV_NAME}' or '\${file:/path}': it is read when the pipeline starts.`
  } satisfies Diagnostic
}

export function registryMissing(name: string, span: Span) {
  return {
    code: 'registry-missing',
    severity: 'error',
    span,
    message: `"${name}" says something of a registry that is not there`,
    hint: "Say where it is: schema_registry_url = 'http://localhost:8081'."
  } satisfies Diagnostic
}

/** A format whose records can't be read or written without a schema. */
export function schemaNeeded(format: string, hint: string, span: Span) {
  return {
    code: 'schema-needed',
    severity: 'error',
    span,
    message: `nobody knows the schema of the ${format} records`,
    hint
  } satisfies Diagnostic
}

export function schemaFileMissing(reason: string, span: Span) {
  return {
    code: 'schema-file-missing',
    severity: 'error',
    span,
    message: `cannot read the schema: ${reason}`,
    hint: 'The path is relative to the script.'
  } satisfies Diagnostic
}

export function schemaInvalid(reason: string, span: Span) {
  return {
    code: 'schema-invalid',
    severity: 'error',
    span,
    message: `this is no schema that records can be read with: ${reason}`
  } satisfies Diagnostic
}

export function schemaNotFetched(subject: string, reason: string, span: Span) {
  return {
    code: 'schema-not-fetched',
    severity: 'error',
    span,
    message: `the schema of subject "${subject}" is not known: ${reason}`,
    hint: 'It is kept in a file beside the script when the registry has answered once: see `miraclec compile`.'
  } satisfies Diagnostic
}

export function avroColumn(column: string, why: string, hint: string, span: Span) {
  return {
    code: 'avro-column',
    severity: 'error',
    span,
    message: `the column "${column}" can't be written in Avro: ${why}`,
    hint
  } satisfies Diagnostic
}

export function protobufColumn(column: string, why: string, hint: string, span: Span) {
  return {
    code: 'protobuf-column',
    severity: 'error',
    span,
    message: `the column "${column}" can't be written in protobuf: ${why}`,
    hint
  } satisfies Diagnostic
}

/** A field that becomes no column. */
export function fieldLeftOut(name: string, what: string, span: Span) {
  return {
    code: 'field-left-out',
    severity: 'warning',
    span,
    message: `the field "${name}" is no column: no SQL type holds ${what}`,
    hint: 'Declare the columns that you need.'
  } satisfies Diagnostic
}

/** `owner` is the source or sink whose dead letters go there. */
export function deadLetterIsInput(
  topic: string,
  owner: string,
  source: string,
  span: Span,
  sourceSpan: Span
) {
  return {
    code: 'dead-letter-is-input',
    severity: 'error',
    span,
    message: `the dead-letter topic "${topic}" of ${owner} is what source "${source}" reads`,
    hint: 'Its bad records would be read again as input. Choose another dead_letter_topic.',
    related: [{ message: `source "${source}" reads it`, span: sourceSpan }]
  } satisfies Diagnostic
}

interface GroupMember {
  readonly name: string
  readonly topic: string
  readonly groupId: string
  readonly span: Span
}

export function sourcesShareGroup(first: GroupMember, second: GroupMember) {
  const { topic, groupId } = second
  return {
    code: 'sources-share-group',
    severity: 'error',
    span: second.span,
    message: `sources "${first.name}" and "${second.name}" read topic "${topic}" as one group, "${groupId}": each would get only some of its records`,
    hint: 'Give each a group_id of its own.',
    related: [{ message: `source "${first.name}"`, span: first.span }]
  } satisfies Diagnostic
}

export function partitionKeyNotFound(
  column: string,
  sink: string,
  span: Span,
  columns: readonly string[]
) {
  return {
    code: 'partition-key-not-found',
    severity: 'error',
    span,
    message: `the records of sink "${sink}" have no column "${column}"`,
    ...didYouMean(column, columns)
  } satisfies Diagnostic
}

export function metadataNotFound(what: string, span: Span, known: readonly string[]) {
  return {
    code: 'metadata-not-found',
    severity: 'error',
    span,
    message: `a Kafka record has no "${what}"`,
    ...didYouMean(what, known)
  } satisfies Diagnostic
}

export function metadataType(what: string, type: string, types: readonly string[], span: Span) {
  return {
    code: 'metadata-type',
    severity: 'error',
    span,
    message: `a record's ${what} is no ${type}`,
    hint: `Declare the column as ${types.join(' or ')}.`
  } satisfies Diagnostic
}

export function pathNeedsObject(path: string, span: Span) {
  return {
    code: 'path-needs-object',
    severity: 'error',
    span,
    message: `the PATH ${path} begins in an array, and a record is a JSON object`,
    hint: 'Of records that are arrays, leave out SCHEMA, and use json_extract on the column "value".'
  } satisfies Diagnostic
}

export function wholeMessageType(type: string, span: Span) {
  return {
    code: 'whole-message-type',
    severity: 'error',
    span,
    message: `the whole record is a JSON object, which is no ${type}`,
    hint: 'Declare the column as JSON, TEXT, ROW(...) or MAP<TEXT, ...>.'
  } satisfies Diagnostic
}

export function formatNeedsSchema(source: string, format: string, span: Span) {
  return {
    code: 'format-needs-schema',
    severity: 'error',
    span,
    message: `source "${source}" has format '${format}' and no SCHEMA`,
    hint: 'Declare the columns that are read: SCHEMA (id BIGINT, name TEXT).'
  } satisfies Diagnostic
}

export function textFormatColumns(format: string, type: string, span: Span) {
  return {
    code: 'text-format-columns',
    severity: 'error',
    span,
    message: `a source of format '${format}' has exactly one ${type} column beside metadata and generated ones`
  } satisfies Diagnostic
}
