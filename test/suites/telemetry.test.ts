import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { BatchBuffer } from '../../runtime/connect/batch-buffer.ts'
import { makeMemoryConnector } from '../../runtime/connect/memory/index.ts'
import { makeLogger } from '../../runtime/observe/log.ts'
import type { Snapshot } from '../../runtime/observe/snapshot.ts'
import type { Telemetry } from '../../runtime/observe/telemetry-part.ts'
import { loadTelemetry } from '../../runtime/run/load-telemetry.ts'
import { startPipeline } from '../../runtime/pipeline/start-pipeline.ts'
import { openTelemetry } from '../../runtime/telemetry/index.ts'
import { linksOf } from '../../runtime/telemetry/links.ts'
import { readSettings } from '../../runtime/telemetry/settings.ts'
import { makeExporter } from '../../runtime/watch/prometheus.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { topicsWith } from '../support/memory-records.ts'
import { attributesOf, OtlpReceiver, type OtlpSpan } from '../support/otlp-receiver.ts'
import type { FixtureRecord } from '../support/records.ts'
import { makeVirtualClock } from '../support/virtual-clock.ts'

const SECRET = 'swordfish-7f3a'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

const stopped = { now: () => 0, elapsed: () => 0 }

const SCRIPT = `
CREATE SOURCE orders FROM KAFKA (topic = 'orders', group_id = 'shop', auto_offset_reset = 'earliest')
SCHEMA (id INT, amount DOUBLE);
CREATE SINK large TO KAFKA (topic = 'large-orders') AS SELECT id, amount FROM orders WHERE amount > 10;
CREATE SINK totals TO KAFKA (topic = 'totals') AS SELECT id % 2 AS parity, COUNT(*) AS n FROM orders GROUP BY id % 2;
`

/** Every tenth belongs to a trace of its own, which the one after it shares. */
function orders(count: number): FixtureRecord[] {
  return Array.from({ length: count }, (_, i): FixtureRecord => {
    const span = Math.floor(i / 10)
    const parent = `00-${TRACE}-${String(span + 1).padStart(16, '0')}-01`
    return {
      key: null,
      value: Buffer.from(JSON.stringify({ id: i, amount: i })),
      timestamp: 1767225600000 + i,
      partition: i % 2,
      headers: i % 10 > 1 ? [] : [{ key: 'traceparent', value: Buffer.from(parent) }],
      error: null,
      op: null
    }
  })
}

using folder = openScriptFolder(Buffer.from(SCRIPT))
const loaded = await loadPipeline(
  compileFixture(folder, true).compiled,
  `${import.meta.dirname}/../fixtures/_actual/telemetry.ts`
)

interface Run {
  readonly snapshot: Snapshot
  readonly lines: readonly string[]
  readonly written: number
}

/** Runs the pipeline to its end in virtual time, with telemetry as the variables say. */
async function run(variables: Readonly<Record<string, string>>, count = 40): Promise<Run> {
  Object.assign(process.env, variables)
  const lines: string[] = []
  const log = makeLogger({
    format: 'json',
    level: 'debug',
    clock: stopped,
    write: line => void lines.push(line)
  })
  const { definition, models } = loaded
  const topics = topicsWith(new Map([['orders', orders(count)]]))
  const clock = makeVirtualClock()
  let snapshot: Snapshot | null = null
  const exporter = makeExporter()
  const telemetry: Telemetry = openTelemetry(
    {
      name: definition.name,
      version: definition.version,
      snapshot: () => snapshot,
      families: taken => exporter.families(taken)
    },
    process.env,
    log
  )
  const { openTracer } = telemetry
  const connector = makeMemoryConnector(topics, clock)
  const options = { connector, clock, log, models, openTracer, pollSize: 20, untilIdle: true }
  const pipeline = await startPipeline(definition, options)
  await pipeline.done
  snapshot = pipeline.snapshot()
  await telemetry.close()
  return { snapshot, lines, written: topics.read('large-orders').length }
}

const environment = { ...process.env }

function clearVariables(): void {
  process.env = { ...environment }
}

describe('OpenTelemetry', async () => {
  const receiver = await OtlpReceiver.open()
  after(() => receiver.close())
  afterEach(() => {
    clearVariables()
    receiver.requests.length = 0
    receiver.answer = 200
  })
  const json = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json'
  }
  const named = (name: string): readonly OtlpSpan[] =>
    receiver.spans.filter(span => span.name === name)

  test('a trace for each batch, with links to the traces of its records, and one for each commit', async () => {
    await run({ ...json, OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${SECRET}` })
    assert.equal(receiver.requests[0]!.headers['authorization'], `Bearer ${SECRET}`)
    const [poll, process_] = [named('poll orders'), named('process orders')]
    assert.deepEqual([poll.length, process_.length], [2, 2])
    const batch = {
      'messaging.system': 'kafka',
      'messaging.destination.name': 'orders',
      'messaging.consumer.group.name': 'shop',
      'messaging.batch.message_count': 20,
      'miraclec.source': 'orders',
      'miraclec.partition_count': 2
    }
    assert.deepEqual(attributesOf(poll[0]!), {
      ...batch,
      'messaging.operation.name': 'poll',
      'messaging.operation.type': 'receive'
    })
    assert.deepEqual(attributesOf(process_[0]!), {
      ...batch,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process'
    })
    // CLIENT and CONSUMER.
    assert.deepEqual([poll[0]!.kind, process_[0]!.kind], [3, 5])
    assert.equal(process_[0]!.parentSpanId, poll[0]!.spanId)
    assert.equal(process_[0]!.traceId, poll[0]!.traceId)
    assert.equal(poll[0]!.parentSpanId ?? '', '')
    assert.notEqual(poll[0]!.traceId, poll[1]!.traceId)
    const links = (span: OtlpSpan): string[] =>
      (span.links ?? []).map(({ traceId, spanId }) => `${traceId} ${Number(spanId)}`).sort()
    assert.deepEqual(links(process_[0]!), [`${TRACE} 1`, `${TRACE} 2`])
    assert.deepEqual(links(process_[1]!), [`${TRACE} 3`, `${TRACE} 4`])

    const sends = named('send large-orders')
    assert.deepEqual(
      sends.map(span => [span.parentSpanId, attributesOf(span)['messaging.batch.message_count']]),
      [
        [process_[0]!.spanId, 9],
        [process_[1]!.spanId, 20]
      ]
    )
    assert.deepEqual(attributesOf(sends[0]!), {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'large-orders',
      'messaging.batch.message_count': 9,
      'miraclec.sink': 'large'
    })
    const commits = named('commit orders')
    const counts = commits.map(
      span => attributesOf(span)['messaging.batch.message_count'] as number
    )
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      40
    )
    assert.equal(attributesOf(commits[0]!)['messaging.consumer.group.name'], 'shop')
    assert.deepEqual(
      commits.flatMap(({ links: of = [] }) => of.map(({ spanId }) => spanId)),
      process_.map(({ spanId }) => spanId)
    )
    // What groups have become is told at a commit, and comes of no batch.
    const told = named('send totals')
    assert.ok(told.length > 0)
    for (const { parentSpanId } of told)
      assert.ok(commits.some(({ spanId }) => spanId === parentSpanId))
    for (const { startTimeUnixNano: from, endTimeUnixNano: to, status } of receiver.spans) {
      assert.ok(BigInt(from) <= BigInt(to))
      assert.notEqual(status?.code, 2)
    }
  })

  test('metrics are those of GET /metrics, by the names of the conventions where they have one', async () => {
    const { snapshot } = await run(json)
    const { metrics } = receiver
    const families = new Map(
      (await makeExporter().families(snapshot)).map(family => [family.name, family])
    )
    const renamed = new Map([
      ['miraclec_source_records_total', 'messaging.client.consumed.messages'],
      ['miraclec_sink_records_total', 'messaging.client.sent.messages']
    ])
    assert.deepEqual(
      [...metrics.keys()].sort(),
      [...families.keys()].map(name => renamed.get(name) ?? name).sort()
    )
    const consumed = metrics.get('messaging.client.consumed.messages')!
    assert.deepEqual([consumed.sum!.isMonotonic, consumed.sum!.aggregationTemporality], [true, 2])
    assert.equal(consumed.unit, '{message}')
    const [point] = consumed.sum!.dataPoints
    assert.equal(point!.asDouble, 40)
    assert.deepEqual(attributesOf(point!), {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'poll',
      'messaging.destination.name': 'orders',
      'messaging.consumer.group.name': 'shop',
      'miraclec.source': 'orders'
    })
    const sent = metrics.get('messaging.client.sent.messages')!.sum!.dataPoints
    assert.deepEqual(
      sent.map(one => [attributesOf(one)['messaging.destination.name'], one.asDouble]),
      snapshot.sinks.map(({ topic, records }) => [topic, records])
    )
    for (const [name, { type, values }] of families) {
      // What the process says of itself changes meanwhile.
      if (!name.startsWith('miraclec_') || type === 'histogram') continue
      const metric = metrics.get(renamed.get(name) ?? name)!
      const points = (type === 'gauge' ? metric.gauge : metric.sum)!.dataPoints
      assert.deepEqual(
        points.map(one => one.asDouble ?? Number(one.asInt)),
        values.map(({ value }) => value),
        name
      )
    }
    const batches = metrics.get('miraclec_source_batch_records')!.histogram!.dataPoints[0]!
    assert.deepEqual([Number(batches.count), batches.sum], [2, 40])
    assert.equal(batches.bucketCounts!.length, batches.explicitBounds!.length + 1)
    assert.equal(
      batches.bucketCounts!.reduce((sum: number, n) => sum + Number(n), 0),
      2
    )
    assert.equal(metrics.get('miraclec_commit_duration_seconds')!.unit, 's')
    assert.equal(metrics.get('miraclec_source_bytes_total')!.unit, 'By')
    assert.ok(metrics.get('nodejs_eventloop_lag_seconds')!.gauge!.dataPoints.length === 1)
  })

  test('the resource is the pipeline, unless the variables say otherwise', async () => {
    await run(json)
    const own = receiver.resource('/v1/traces')
    assert.equal(own['service.name'], loaded.definition.name)
    assert.equal(own['service.version'], loaded.definition.version)
    assert.match(String(own['service.instance.id']), /^[0-9a-f-]{36}$/)
    assert.deepEqual(receiver.resource('/v1/metrics'), own)
    receiver.requests.length = 0
    await run({
      ...json,
      OTEL_SERVICE_NAME: 'shop-pipeline',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=other'
    })
    const given = receiver.resource('/v1/traces')
    assert.equal(given['service.name'], 'shop-pipeline')
    assert.equal(given['deployment.environment.name'], 'test')
  })

  test('protobuf is what is sent unless the variables say otherwise, packed if they ask for it', async () => {
    await run({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/own/path`,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip'
    })
    assert.deepEqual([...new Set(receiver.requests.map(({ path }) => path))], ['/own/path'])
    const [request] = receiver.requests
    assert.equal(request!.headers['content-type'], 'application/x-protobuf')
    assert.equal(request!.headers['content-encoding'], 'gzip')
    for (const text of ['process orders', 'messaging.system', loaded.definition.name])
      assert.ok(request!.body.includes(text), text)
    assert.ok(request!.body.includes(Buffer.from(TRACE, 'hex')), 'a link')
  })

  test('what is sampled out, or not wanted, is not sent', async () => {
    await run({ ...json, OTEL_TRACES_SAMPLER: 'always_off' })
    assert.deepEqual([...new Set(receiver.requests.map(({ path }) => path))], ['/v1/metrics'])
    receiver.requests.length = 0
    await run({ ...json, OTEL_METRICS_EXPORTER: 'none', OTEL_TRACES_SAMPLER: 'always_on' })
    assert.deepEqual([...new Set(receiver.requests.map(({ path }) => path))], ['/v1/traces'])
  })

  test('a receiver that refuses or is not there costs the pipeline nothing but a line of its log', async () => {
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: `api-key=${SECRET}` }
    receiver.answer = 401
    const refused = await run({ ...json, ...headers })
    assert.equal(refused.written, 29)
    const warnings = refused.lines.filter(line => line.includes('"warn"'))
    assert.deepEqual(
      warnings.map(line => (JSON.parse(line) as { message: string; reason: string }).reason),
      ['HTTP 401 Unauthorized', 'HTTP 401 Unauthorized'],
      refused.lines.join('')
    )
    const gone = await OtlpReceiver.open()
    const { url } = gone
    await gone.close()
    const away = await run({ ...json, ...headers, OTEL_EXPORTER_OTLP_ENDPOINT: url })
    assert.equal(away.written, 29)
    assert.ok(!`${refused.lines.join('')}${away.lines.join('')}`.includes(SECRET))
  })

  test('a receiver that never answers is given up when the pipeline ends', async () => {
    receiver.answer = null
    const start = performance.now()
    const { written } = await run({ ...json, OTEL_EXPORTER_OTLP_TIMEOUT: '600000' })
    assert.equal(written, 29)
    // It waits three seconds: a busy machine may take its time, but not ten minutes.
    assert.ok(performance.now() - start < 60_000)
  })
})

describe('links of a batch', () => {
  const GOOD_STATE = 'vendor=1'
  const linksOfBatch = (count: number, spanOf: (record: number) => number | null, limit = 128) => {
    const batch = new BatchBuffer(() => assert.fail())
    const record = { key: null, value: null, partition: 0, timestamp: 0 }
    batch.fill(
      Array.from({ length: count }, (_, offset) => ({ ...record, offset })),
      i => {
        const span = spanOf(i)
        if (span === null) return [{ key: 'other', value: Buffer.from('x') }]
        const parent = `00-${TRACE}-${String(span).padStart(16, '0')}-00`
        return [
          { key: 'traceparent', value: Buffer.from(parent) },
          { key: 'tracestate', value: Buffer.from(GOOD_STATE) }
        ]
      }
    )
    const links = linksOf(batch, limit)
    batch.release()
    return links
  }
  const spansOf = (links: ReturnType<typeof linksOf>): number[] =>
    links.map(({ context }) => Number(context.spanId)).sort((a, b) => a - b)

  test('32 at most, or as many as the limit says, from all of it', () => {
    const all = spansOf(linksOfBatch(1000, i => i + 1))
    assert.equal(all.length, 32)
    assert.equal(new Set(all.map(span => Math.floor((span - 1) / 125))).size, 8)
    assert.equal(linksOfBatch(1000, i => i + 1, 4).length, 4)
    assert.deepEqual(spansOf(linksOfBatch(10, i => i + 1)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('one for each span that sent several records; those that are rare are found too', () => {
    assert.deepEqual(spansOf(linksOfBatch(1000, i => (i < 500 ? 1 : 2))), [1, 2])
    assert.deepEqual(spansOf(linksOfBatch(256, i => (i % 64 === 5 ? i : null))), [5, 69, 133, 197])
    assert.deepEqual(
      linksOfBatch(100, () => null),
      []
    )
    assert.deepEqual(
      linksOfBatch(0, () => null),
      []
    )
  })

  test('with flags and state as they came', () => {
    const [link] = linksOfBatch(1, () => 7)
    const { traceState, ...context } = link!.context
    assert.equal(traceState!.serialize(), GOOD_STATE)
    const spanId = '0000000000000007'
    assert.deepEqual(context, { traceId: TRACE, spanId, traceFlags: 0, isRemote: true })
  })
})

describe('settings of OpenTelemetry', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:pass@collector:4318/base/' }

  test('what is wrong is told by the name of its variable, and never by its value', () => {
    const { traces, metrics, problems } = readSettings({
      ...endpoint,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `collector:${SECRET}`,
      OTEL_EXPORTER_OTLP_HEADERS: `a=b, ${SECRET}`,
      OTEL_METRIC_EXPORT_INTERVAL: SECRET,
      OTEL_TRACES_SAMPLER: 'jaeger_remote'
    })
    assert.deepEqual([traces, metrics], [null, null])
    assert.deepEqual(problems, [
      [
        'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
        'is "grpc", and pipelines speak http/protobuf and http/json: no traces are sent'
      ],
      ['OTEL_EXPORTER_OTLP_HEADERS', 'is a list of name=value, which its entry 2 is not'],
      [
        'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
        'is no http:// or https:// address: no metrics are sent'
      ]
    ])
    assert.deepEqual(
      readSettings({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'ftp' }).problems.map(
        ([, problem]) => problem
      ),
      ['traces', 'metrics'].map(
        signal =>
          `is another, and pipelines speak http/protobuf and http/json: no ${signal} are sent`
      )
    )
    const numbers = readSettings({
      ...endpoint,
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_BSP_MAX_QUEUE_SIZE: '-1',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4096',
      OTEL_METRIC_EXPORT_INTERVAL: '1.5',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta'
    })
    assert.deepEqual(
      numbers.problems.map(([variable]) => variable),
      [
        'OTEL_BSP_MAX_QUEUE_SIZE',
        'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
        'OTEL_TRACES_SAMPLER',
        'OTEL_METRIC_EXPORT_INTERVAL',
        'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'
      ]
    )
    assert.equal(numbers.traces!.batchSize, 2048)
    assert.equal(numbers.metrics!.interval, 60_000)
    const ratio = readSettings({
      ...endpoint,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '2',
      OTEL_METRICS_EXPORTER: 'console'
    })
    assert.deepEqual(
      ratio.problems.map(([variable]) => variable),
      ['OTEL_METRICS_EXPORTER', 'OTEL_TRACES_SAMPLER_ARG']
    )
  })

  test('each signal goes where its own variables say, or those of both', () => {
    const both = readSettings({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })
    assert.equal(both.traces!.address, 'https://collector:4318/base/v1/traces')
    assert.equal(both.metrics!.address, 'https://collector:4318/base/v1/metrics')
    assert.equal(both.metrics!.protocol, 'http/json')
    const own = readSettings({
      ...endpoint,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces/x?y=z',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '1000'
    })
    assert.equal(own.traces!.address, 'http://traces/x')
    assert.deepEqual([own.traces!.protocol, own.metrics!.protocol], ['http/json', 'http/protobuf'])
    // Nobody waits longer than until the next export.
    assert.deepEqual([own.metrics!.interval, own.metrics!.timeout], [1000, 1000])
    assert.deepEqual(own.problems, [])
    assert.equal(readSettings({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m' }).traces, null)
  })

  test('nothing is loaded where no address is given, or where it is turned off', async () => {
    const log = makeLogger({ format: 'json', level: 'debug', clock: stopped, write: assert.fail })
    const observed = { name: 'p', version: 'v', snapshot: () => null }
    const without = [
      {},
      { OTEL_SERVICE_NAME: 'p', OTEL_TRACES_EXPORTER: 'otlp' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
      { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }
    ]
    for (const environment of without) {
      const { openTracer, close } = loadTelemetry(observed, environment, log, true)
      assert.equal(openTracer, null)
      await close()
    }
    // The part is only there in what is bundled.
    assert.throws(() => loadTelemetry(observed, endpoint, log, true), /telemetry\.cjs/)
  })
})
