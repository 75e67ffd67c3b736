import type { CreateSource } from '../../ast/index.ts'
import { connectorNotFound } from '../../diagnostics/bind-kafka.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import type { BoundSource } from '../../ir/index.ts'
import type { SourceDeclaration } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { bindConfig } from './bind-config.ts'
import { bindErrorPolicy } from './bind-error-policy.ts'
import { bindSchema } from './bind-schema.ts'
import { type Parameters, readParameters } from './parameters.ts'

const known = [
  ...['brokers', 'topic', 'group_id', 'auto_offset_reset', 'format', 'timestamp_unit'],
  ...['schema_registry_url', 'key_format']
]
const formats = [
  'json',
  'text',
  'bytes',
  'upsert',
  'debezium',
  'avro',
  'protobuf',
  'arrow'
] as const
const units = ['s', 'ms', 'us', 'ns'] as const

/** A source, bound once; null after a diagnostic that leaves it without columns. */
export function bindSource(declaration: SourceDeclaration, cx: BindContext): BoundSource | null {
  const seen = cx.sources.get(declaration)
  if (seen !== undefined) return seen
  if (cx.inProgress.has(declaration)) return null
  const source = makeSource(declaration, cx)
  if (source === null) cx.inProgress.add(declaration)
  else cx.sources.set(declaration, source)
  return source
}

function makeSource({ name, statement }: SourceDeclaration, cx: BindContext): BoundSource | null {
  checkConnector(statement, cx)
  const parameters = readParameters('FROM KAFKA', statement.parameters, known, statement.span, cx)
  refuseLater(parameters, cx)
  if (statement.onLate !== null) report(cx, notSupportedYet('ON LATE', statement.onLate.span))
  const format = parameters.choice('format', formats, 'json')
  if (format !== 'json' && format !== 'text') {
    report(cx, notSupportedYet(`the format ${format}`, parameters.span('format')))
  }
  const unit = parameters.has('timestamp_unit')
    ? parameters.choice('timestamp_unit', units, 'ms')
    : null
  const topic = parameters.text('topic', 'miracledb-input')
  const bound = bindSchema(statement, format === 'text' ? 'text' : 'json', cx)
  if (bound === null) return null
  return Object.freeze({
    name,
    brokers: parameters.text('brokers', 'localhost:9092'),
    topic,
    groupId: parameters.text('group_id', 'miracledb-consumer'),
    autoOffsetReset: parameters.choice('auto_offset_reset', ['latest', 'earliest'], 'latest'),
    format: format === 'text' ? 'text' : 'json',
    timestampUnit: unit,
    ...bound,
    properties: bindConfig(statement.config, 'source', cx),
    onError: bindErrorPolicy(statement.onError, topic, cx),
    span: statement.name.span
  })
}

export function checkConnector(
  { connector }: Pick<CreateSource, 'connector'>,
  cx: BindContext
): void {
  if (connector.name.toUpperCase() !== 'KAFKA') {
    report(cx, connectorNotFound(connector.name, connector.span))
  }
}

export function refuseLater(parameters: Parameters, cx: BindContext): void {
  for (const name of ['schema_registry_url', 'key_format']) {
    if (parameters.has(name)) report(cx, notSupportedYet(name, parameters.span(name)))
  }
}
