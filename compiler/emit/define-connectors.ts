import type { Data } from '../code/index.ts'
import type {
  BoundProperty,
  BoundRegistry,
  BoundSink,
  BoundSource,
  Exchange,
  SourceTask,
  BoundModel,
  Step
} from '../ir/index.ts'
import { describeColumns, lineOf } from './define-columns.ts'

// What a pipeline knows of its sources and sinks.

export function defineSource({ source, exchange, steps }: SourceTask): Data {
  const models = modelsOf(steps)
  return {
    name: source.name,
    brokers: source.brokers,
    topic: source.topic,
    groupId: source.groupId,
    autoOffsetReset: source.autoOffsetReset,
    ...(source.skipsMissing ? { skipsMissing: true } : {}),
    properties: defineProperties(source.properties),
    onError: { ...source.onError },
    lateTopic: source.onLate.deadLetterTopic,
    watermark: defineWatermark(source),
    table: source.feeds === null ? null : source.name,
    columns: describeColumns(source.schema),
    fill: {
      records: Math.max(0, ...models.map(model => model.batchSize)),
      wait: Math.max(0, ...models.map(model => model.maxWait))
    },
    ...(source.registry === null ? {} : { registry: defineRegistry(source.registry) }),
    ...(source.feeds?.keyFormat === 'avro' ? { hasKeySchemas: true } : {}),
    ...(exchange === undefined ? {} : { exchange: defineWay(exchange) }),
    line: lineOf(source.span)
  }
}

function defineWay({ form, ...exchange }: Exchange): Data {
  return { ...defineClocks(exchange), ...(form === null ? {} : { form }) }
}

export function defineClocks({ clocks, processing }: Pick<Exchange, 'clocks' | 'processing'>) {
  return { clocks, ...(processing.length === 0 ? {} : { processing }) }
}

function defineWatermark({ watermark }: BoundSource): Data {
  if (watermark === null) return null
  const { delay, idleTimeout, maxFutureSkew } = watermark
  return { delay, idleTimeout, maxFutureSkew }
}

export function defineSink(sink: BoundSink) {
  return {
    name: sink.name,
    connector: sink.connector,
    brokers: sink.brokers,
    topic: sink.topic,
    compression: sink.compression,
    batchSize: sink.batchSize,
    linger: sink.linger,
    properties: defineProperties(sink.properties),
    onError: { ...sink.onError },
    ...(sink.registry === null ? {} : { schema: defineSchema(sink, sink.registry) }),
    ...(sink.registry === null || sink.keySchema === null
      ? {}
      : { keySchema: defineKeySchema(sink.topic, sink.keySchema, sink.registry) }),
    line: lineOf(sink.span)
  }
}

function defineSchema({ recordSchema, encoding }: BoundSink, registry: BoundRegistry): Data {
  const { subject, autoRegister } = registry
  const schema = { type: encoding.toUpperCase(), text: recordSchema, references: [] }
  return { ...defineRegistry(registry), subject, autoRegister, schema }
}

function defineKeySchema(topic: string, text: string, registry: BoundRegistry): Data {
  const schema = { type: 'AVRO', text, references: [] }
  const { autoRegister } = registry
  return { ...defineRegistry(registry), subject: `${topic}-key`, autoRegister, schema }
}

function defineRegistry({ url, properties }: BoundRegistry) {
  return { url, properties: defineProperties(properties) }
}

function defineProperties(properties: readonly BoundProperty[]): Data {
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]))
}

function modelsOf(steps: readonly Step[]): BoundModel[] {
  return steps.flatMap(step => {
    if (step.kind === 'Write') return []
    const own = step.kind === 'Predict' ? step.calls.map(call => call.model) : []
    return 'steps' in step ? [...own, ...modelsOf(step.steps)] : own
  })
}
