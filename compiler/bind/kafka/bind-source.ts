import type { CreateSource } from '../../ast/index.ts'
import { connectorNotFound, schemaInvalid } from '../../diagnostics/bind-kafka.ts'
import type { BoundColumn, BoundProtoSchema, BoundSource, TableFeed } from '../../ir/index.ts'
import {
  missingActions,
  offsetResets,
  parameterNames,
  sourceParameters,
  timestampUnits
} from '../../kafka/index.ts'
import { checkMessage } from '../../protobuf/index.ts'
import type { Span } from '../../source/index.ts'
import type { SourceDeclaration } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { bindConfig } from './bind-config.ts'
import { bindErrorPolicy, bindLatePolicy } from './bind-error-policy.ts'
import { bindSchema } from './bind-schema.ts'
import { bindSourceFormat, type SourceFormat } from './bind-source-format.ts'
import { bindTableFeed } from './bind-table-feed.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { bindRegistry } from './bind-registry.ts'
import { bindWatermark } from './bind-watermark.ts'

const known = parameterNames(sourceParameters)

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
  if (!checkConnector(statement, cx)) return null
  const parameters = readParameters('FROM KAFKA', statement.parameters, known, statement.span, cx)
  const topic = parameters.text('topic', 'miracledb-input')
  const config = bindConfig(statement.config, 'source', cx)
  const { registry, properties } = bindRegistry(parameters, config, topic, cx)
  const read = bindSourceFormat(statement, parameters, registry, cx)
  if (read === null) return null
  const { decoded, writerSchema } = read
  const unit = parameters.has('timestamp_unit')
    ? parameters.choice('timestamp_unit', timestampUnits, 'ms')
    : null
  const bound = bindSchema(statement, read, cx)
  const { protoSchema } = read
  if (bound !== null && protoSchema !== undefined) {
    checkProtobuf(bound.columns, protoSchema, parameters.span('proto_file'), cx)
  }
  const watermark = bound === null ? null : bindWatermark(statement, bound.columns, cx)
  const feeds =
    bound === null ? undefined : bindFeed(statement, read, bound.columns, parameters, cx)
  const rest = {
    name,
    brokers: parameters.text('brokers', 'localhost:9092'),
    topic,
    groupId: parameters.text('group_id', 'miracledb-consumer'),
    // A table is the whole topic; events may start now.
    autoOffsetReset: parameters.choice(
      'auto_offset_reset',
      offsetResets,
      feeds === null ? 'latest' : 'earliest'
    ),
    skipsMissing: parameters.choice('missing_records', missingActions, 'fail') === 'skip',
    format: decoded,
    timestampUnit: unit,
    registry,
    properties,
    writerSchema,
    ...(protoSchema === undefined ? {} : { protoSchema }),
    onError: bindErrorPolicy(statement.onError, topic, cx),
    onLate: bindLatePolicy(statement.onLate, topic, cx),
    watermark,
    span: statement.name.span
  }
  return bound === null || feeds === undefined ? null : Object.freeze({ ...rest, feeds, ...bound })
}

/** Whether the message has what the columns are read from. */
function checkProtobuf(
  columns: readonly BoundColumn[],
  schema: BoundProtoSchema,
  span: Span,
  cx: BindContext
): void {
  const fields = columns.flatMap(({ from, ...column }) => {
    if (from.kind !== 'Field') return []
    const { name, type, notNull } = column
    const path = from.path.map(String)
    return [{ name, type, sql: '', path, notNull, missing: null, span: column.span }]
  })
  const problem = checkMessage(fields, schema)
  if (problem === null) return
  const at = problem.column === null ? span : fields[problem.column]!.span
  report(cx, schemaInvalid(problem.message, at))
}

/** Undefined where a format or a key is wrong: then nobody knows whether who reads it as a table, or as events, is right. */
function bindFeed(
  statement: CreateSource,
  found: SourceFormat,
  columns: readonly BoundColumn[],
  parameters: Parameters,
  cx: BindContext
): TableFeed | null | undefined {
  const { format } = found
  if (parameters.has('format') && parameters.written('format')!.toLowerCase() !== format) return
  const feeds = bindTableFeed(statement, found, columns, parameters, cx)
  return feeds === null && (format === 'upsert' || format === 'debezium') ? undefined : feeds
}

/** False, with a diagnostic, for a connector that there is not: its parameters would only be called unknown. */
export function checkConnector(
  { connector }: Pick<CreateSource, 'connector'>,
  cx: BindContext
): boolean {
  const isKafka = connector.name.toUpperCase() === 'KAFKA'
  if (!isKafka) report(cx, connectorNotFound(connector.name, connector.span))
  return isKafka
}
