import { type AvroMisfit, deriveSchema } from '../../avro/index.ts'
import { avroColumn, schemaNeeded } from '../../diagnostics/bind-kafka.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import type { BoundRegistry, BoundSink } from '../../ir/index.ts'
import { sinkFormats, valueFormats } from '../../kafka/index.ts'
import type { Span } from '../../source/index.ts'
import type { RowType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { refuseSchemas } from './bind-source-format.ts'
import type { Parameters } from './parameters.ts'

type SinkFormat = Pick<BoundSink, 'format' | 'encoding' | 'recordSchema'>

/** What a sink writes: `schema` are its columns, null where nothing feeds it. */
export function bindSinkFormat(
  parameters: Parameters,
  registry: BoundRegistry | null,
  { topic, schema, span }: { topic: string; schema: RowType | null; span: Span },
  cx: BindContext
): SinkFormat {
  const named = parameters.choice('format', sinkFormats, 'json')
  const value = parameters.choice('value_format', valueFormats, 'json')
  if (named === 'protobuf') {
    report(cx, notSupportedYet(`the format ${named}`, parameters.span('format')))
    return { format: 'json', encoding: 'json', recordSchema: null }
  }
  if (parameters.has('value_format') && named !== 'upsert') {
    const what = `value_format with the format ${named}`
    report(cx, notSupportedYet(what, parameters.span('value_format')))
  }
  const isAvro = named === 'avro' || (named === 'upsert' && value === 'avro')
  const format = named === 'avro' ? 'json' : named
  if (!isAvro) {
    refuseSchemas(named, parameters, cx)
    return { format, encoding: 'json', recordSchema: null }
  }
  const place = parameters.span(named === 'avro' ? 'format' : 'value_format')
  if (registry === null) report(cx, schemaNeeded('avro', NO_REGISTRY, place))
  const derived = schema === null ? '' : deriveSchema(schema, topic)
  if (typeof derived !== 'string') report(cx, avroColumn(...explain(derived), span))
  const recordSchema = typeof derived === 'string' ? derived : ''
  return { format, encoding: 'avro', recordSchema }
}

const NO_REGISTRY =
  "Say where the registry is that keeps it for those who read: schema_registry_url = 'http://localhost:8081'."

function explain({ column, kind }: AvroMisfit): [column: string, why: string, hint: string] {
  return kind === 'name'
    ? [
        column,
        'names of Avro are made of letters, digits and underscores',
        `Give it another name: SELECT "${column}" AS another_name.`
      ]
    : [
        column,
        'a DECIMAL without a scale fits no type of Avro',
        'Say which scale all values have: CAST (... AS DECIMAL(38, 2)), or CAST (... AS BIGINT) where there is none.'
      ]
}
