import { type AvroMisfit, deriveEnvelope, deriveSchema } from '../../avro/index.ts'
import { avroColumn, protobufColumn, schemaNeeded } from '../../diagnostics/bind-kafka.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import type { BoundRegistry, BoundSink } from '../../ir/index.ts'
import { sinkFormats, sinkValueFormats } from '../../kafka/index.ts'
import { deriveMessage, type MessageMisfit } from '../../protobuf/index.ts'
import type { Span } from '../../source/index.ts'
import type { RowType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { refuseSchemas } from './bind-source-format.ts'
import type { Parameters } from './parameters.ts'

type SinkFormat = Pick<BoundSink, 'format' | 'encoding' | 'recordSchema'>

interface Written {
  readonly topic: string
  /** The sink's columns, null where nothing feeds it. */
  readonly schema: RowType | null
  readonly span: Span
}

/** What a sink writes. */
export function bindSinkFormat(
  parameters: Parameters,
  registry: BoundRegistry | null,
  written: Written,
  cx: BindContext
): SinkFormat {
  const named = parameters.choice('format', sinkFormats, 'json')
  const value = parameters.choice('value_format', sinkValueFormats, 'json')
  if (parameters.has('value_format') && !valueFormatsOf[named]?.includes(value)) {
    const isKnown = named === 'debezium' ? ` '${value}'` : ''
    const what = `value_format${isKnown} with the format ${named}`
    report(cx, notSupportedYet(what, parameters.span('value_format')))
  }
  if (named === 'avro' || named === 'protobuf') {
    const place = parameters.span('format')
    return { format: 'json', ...bindEncoding('json', named, place, registry, written, cx) }
  }
  if (value !== 'json' && (named === 'upsert' || named === 'debezium')) {
    const place = parameters.span('value_format')
    return { format: named, ...bindEncoding(named, value, place, registry, written, cx) }
  }
  refuseSchemas(named, parameters, cx)
  return { format: named, encoding: 'json', recordSchema: null }
}

const valueFormatsOf: Partial<Record<string, readonly string[]>> = {
  upsert: sinkValueFormats,
  debezium: ['json', 'avro']
}

/** `place`: where it is asked for. */
function bindEncoding(
  format: 'json' | 'upsert' | 'debezium',
  encoding: 'avro' | 'protobuf',
  place: Span,
  registry: BoundRegistry | null,
  { topic, schema, span }: Written,
  cx: BindContext
): Omit<SinkFormat, 'format'> {
  if (registry === null) report(cx, schemaNeeded(encoding, NO_REGISTRY, place))
  if (schema === null) return { encoding, recordSchema: '' }
  const deriveAvro = format === 'debezium' ? deriveEnvelope : deriveSchema
  const derived = encoding === 'avro' ? deriveAvro(schema, topic) : deriveMessage(schema, topic)
  if (typeof derived === 'string') return { encoding, recordSchema: derived }
  const diagnostic =
    derived.kind === 'decimal' || encoding === 'avro'
      ? avroColumn(...explainAvro(derived as AvroMisfit), span)
      : protobufColumn(...explainMessage(derived as MessageMisfit), span)
  report(cx, diagnostic)
  return { encoding, recordSchema: '' }
}

const NO_REGISTRY =
  "Say where the registry is that keeps it for those who read: schema_registry_url = 'http://localhost:8081'."

type Explained = [column: string, why: string, hint: string]

const rename = (column: string): string =>
  `Give it another name: SELECT "${column}" AS another_name.`

function explainAvro({ column, kind }: AvroMisfit): Explained {
  return kind === 'name'
    ? [column, 'names of Avro are made of letters, digits and underscores', rename(column)]
    : [
        column,
        'a DECIMAL without a scale fits no type of Avro',
        'Say which scale all values have: CAST (... AS DECIMAL(38, 2)), or CAST (... AS BIGINT) where there is none.'
      ]
}

function explainMessage({ column, kind }: MessageMisfit): Explained {
  return kind === 'name'
    ? [
        column,
        'names of protobuf are made of letters, digits and underscores, a letter first',
        rename(column)
      ]
    : [
        column,
        'an array or a map is no element of another one',
        'Put the inner one into a ROW, or write the column as JSON: to_json(column).'
      ]
}
