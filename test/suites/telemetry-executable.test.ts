import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startEmbeddedBroker } from '../../runtime/connect/embedded/index.ts'
import { openTestClient } from '../support/kafka/client.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import { attributesOf, OtlpReceiver } from '../support/otlp-receiver.ts'

const SECRET = 'swordfish-91c4'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`

const SCRIPT = `
SET commit_interval = '50 ms';
CREATE SOURCE clicks FROM KAFKA (topic = 'clicks', group_id = 'traced', auto_offset_reset = 'earliest')
SCHEMA (id INT, page TEXT);
CREATE SINK pages TO KAFKA (topic = 'pages', linger_ms = 0) AS SELECT id, upper(page) AS page FROM clicks;
`

describe('an executable that OpenTelemetry watches', async () => {
  const executable = compileExecutable('traced', SCRIPT)
  const broker = await startEmbeddedBroker(['clicks', 'pages'])
  const client = await openTestClient(broker.brokers)
  after(async () => {
    RunningPipeline.killAll()
    executable.remove()
    await client.close()
    await broker.close()
  })

  test('sends its traces and metrics, and carries contexts on', async () => {
    const receiver = await OtlpReceiver.open()
    const pipeline = new RunningPipeline(executable, broker.options, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${SECRET}`,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_BSP_SCHEDULE_DELAY: '100'
    })
    try {
      await pipeline.ready()
      await client.write('clicks', [
        { value: '{"id":1,"page":"a"}', headers: [['traceparent', PARENT]] },
        { value: '{"id":2,"page":"b"}' }
      ])
      await until('its spans have come', () =>
        Promise.resolve(
          ['poll clicks', 'process clicks', 'send pages', 'commit clicks'].every(name =>
            receiver.spans.some(span => span.name === name)
          )
        )
      )
      const links = receiver.spans.flatMap(({ links: of = [] }) => of)
      const isOfRecord = links.some(
        ({ traceId, spanId }) => traceId === TRACE && spanId === PARENT.split('-')[2]
      )
      assert.ok(isOfRecord, JSON.stringify(links))
      await until('metrics have come', () => {
        const consumed = receiver.metrics.get('messaging.client.consumed.messages')
        return Promise.resolve(consumed?.sum?.dataPoints[0]?.asDouble === 2)
      })
      const lag = receiver.metrics.get('miraclec_source_lag_records')!.gauge!.dataPoints
      assert.deepEqual(
        lag.map(attributesOf),
        [0, 1, 2, 3].map(partition => ({ source: 'clicks', topic: 'clicks', partition }))
      )
      assert.ok(receiver.requests.every(({ headers }) => headers['api-key'] === SECRET))
      const sent = await client.read('pages')
      assert.deepEqual(sent.map(({ value, headers }) => [value, headers]).sort(), [
        ['{"id":1,"page":"A"}', { traceparent: PARENT }],
        ['{"id":2,"page":"B"}', {}]
      ])
      // What is left is sent at the end.
      receiver.requests.length = 0
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      assert.ok(receiver.metrics.has('miraclec_ready'))
      assert.ok(!JSON.stringify(pipeline.log).includes(SECRET))
      assert.deepEqual(
        pipeline.log.filter(({ level }) => level === 'warn'),
        []
      )
    } finally {
      pipeline.kill('SIGKILL')
      await receiver.close()
    }
  })

  test('goes on and ends in time where the receiver never answers, and says so where it is not there', async () => {
    const receiver = await OtlpReceiver.open()
    receiver.answer = null
    const pipeline = new RunningPipeline(executable, broker.options, {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_BSP_SCHEDULE_DELAY: '10',
      OTEL_TRACES_SAMPLER: 'nonsense'
    })
    try {
      await pipeline.ready()
      await client.write('clicks', [{ value: '{"id":3,"page":"c"}' }])
      await until('the record is processed', async () => {
        const records = await client.read('pages')
        return records.some(({ value }) => value === '{"id":3,"page":"C"}')
      })
      await until('a span was sent', () => Promise.resolve(receiver.requests.length > 0))
      const { reason } = await pipeline.logged("metrics are not sent to OpenTelemetry's receiver")
      assert.match(String(reason), /ECONNREFUSED/)
      assert.match((await pipeline.logged('OTEL_TRACES_SAMPLER')).message, /is none of always_on/)
      const asked = performance.now()
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      // Not the ten minutes that the receiver is given; and no more than a drain may take.
      assert.ok(performance.now() - asked < 30_000)
    } finally {
      pipeline.kill('SIGKILL')
      await receiver.close()
    }
  })
})
