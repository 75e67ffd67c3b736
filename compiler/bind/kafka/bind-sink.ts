import type { Property } from '../../ast/index.ts'
import { parameterConflict, partitionKeyNotFound } from '../../diagnostics/bind-kafka.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import type { BoundProperty, BoundSink } from '../../ir/index.ts'
import {
  compressions,
  decimalFormats,
  keyFormats,
  parameterNames,
  sinkParameters
} from '../../kafka/index.ts'
import type { RowType } from '../../types/index.ts'
import type { SinkDeclaration } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { matchName } from '../names.ts'
import { bindConfig } from './bind-config.ts'
import { bindErrorPolicy } from './bind-error-policy.ts'
import { bindRegistry } from './bind-registry.ts'
import { checkConnector } from './bind-source.ts'
import { bindSinkFormat } from './bind-sink-format.ts'
import { type Parameters, readParameters } from './parameters.ts'

const known = parameterNames(sinkParameters)

/** `schema` is what the sink publishes, `table` what it is FROM TABLE. */
export function bindSink(
  { name, statement }: SinkDeclaration,
  table: string | null,
  schema: RowType | null,
  cx: BindContext
): BoundSink {
  const given = checkConnector(statement, cx) ? statement.parameters : []
  const parameters = readParameters('TO KAFKA', given, known, statement.span, cx)
  const topic = parameters.text('topic', 'miracledb-output')
  const config = bindConfig(statement.config, 'sink', cx)
  const { registry, properties } = bindRegistry(parameters, config, topic, cx)
  checkConflicts(parameters, properties, statement.config, cx)
  return Object.freeze({
    name,
    connector: 'kafka',
    brokers: parameters.text('brokers', 'localhost:9092'),
    topic,
    compression: parameters.choice('compression', compressions, 'snappy'),
    ...bindSinkFormat(parameters, registry, { topic, schema, span: statement.name.span }, cx),
    keyFormat: bindKeyFormat(parameters, cx),
    keySchema: null,
    decimalFormat: parameters.choice('decimal_format', decimalFormats, 'number'),
    partitionKey: schema === null ? [] : bindPartitionKey(name, parameters, schema, cx),
    // What feeds it decides.
    keysNull: false,
    form: null,
    table,
    schema,
    batchSize: parameters.integer('batch_size', 1, 1_000_000, 10_000),
    linger: parameters.integer('linger_ms', 0, 900_000, 100),
    registry,
    properties,
    onError: bindErrorPolicy(statement.onError, topic, cx),
    span: statement.name.span
  })
}

/** Parameters that set the same as a property. */
const sameProperty: Readonly<Record<string, string>> = {
  compression: 'compression.codec',
  batch_size: 'batch.num.messages',
  linger_ms: 'queue.buffering.max.ms'
}

/** A property wins over a default, but says nothing else than a parameter that is given. */
function checkConflicts(
  parameters: Parameters,
  properties: readonly BoundProperty[],
  config: readonly Property[],
  cx: BindContext
): void {
  for (const [parameter, name] of Object.entries(sameProperty)) {
    const property = properties.find(candidate => candidate.name === name)
    const value = parameters.written(parameter)
    if (property === undefined || value === null || isSame(value, property.value)) continue
    const { nameSpan, name: written } = config.find(({ span }) => span === property.span)!
    report(cx, parameterConflict(parameter, written, nameSpan, parameters.span(parameter)))
  }
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || Number(a) === Number(b)
}

/** Null: it is not given. */
function bindKeyFormat(parameters: Parameters, cx: BindContext): BoundSink['keyFormat'] {
  if (!parameters.has('key_format')) return null
  const format = parameters.choice('key_format', keyFormats, 'text')
  const isAvro = ['format', 'value_format'].some(name => parameters.written(name) === 'avro')
  if (format === 'avro' && !isAvro) {
    const what = "key_format 'avro' where the rows are not in Avro"
    report(cx, notSupportedYet(what, parameters.span('key_format')))
  }
  return format
}

/** `'a'` or `'a, b'`: columns of what the sink publishes. */
function bindPartitionKey(
  sink: string,
  parameters: Parameters,
  { columns }: RowType,
  cx: BindContext
): number[] {
  if (!parameters.has('partition_key')) return []
  const span = parameters.span('partition_key')
  const found: number[] = []
  for (const part of parameters.text('partition_key', '').split(',')) {
    const wanted = { name: part.trim(), quoted: false }
    const match = matchName(wanted, columns, column => column.name)
    if (match.kind === 'Found') found.push(columns.indexOf(match.value))
    else {
      const names = columns.map(column => column.name)
      report(cx, partitionKeyNotFound(wanted.name, sink, span, names))
    }
  }
  return found
}
