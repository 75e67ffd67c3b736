import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import {
  BROKEN,
  compileWatched,
  HOSTILE,
  PAYMENTS,
  startWatched
} from '../support/kafka/watched-pipeline.ts'
import { labelsOf, metricsOf } from '../support/promql-names.ts'
import { Terminal, terminalMissing } from '../support/terminal.ts'

const root = join(import.meta.dirname, '../..')
const watched = compileWatched()
after(() => watched.remove())

function ask(port: number, ...words: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(watched.path, [...words, '--port', String(port)], {
    encoding: 'utf8',
    env: {}
  })
  assert.equal(status, 0, stderr)
  return stdout
}

/** What kinds of values a document has, by the same paths; members of a name that a script chooses are one. */
function shapeOf(value: unknown, isNamed = false): unknown {
  if (Array.isArray(value)) return [...new Set(value.map(item => typeof item))]
  if (typeof value !== 'object' || value === null) return typeof value
  const shapes = Object.entries(value).map(([name, item]) => [name, shapeOf(item, !isNamed)])
  return isNamed ? shapes[0]![1] : shapes
}

/** Samples by metric and labels, as Prometheus reads them. */
function readSamples(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [, series, value] =
      /^([a-zA-Z_:][\w:]*(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (\S+)$/.exec(line) ?? []
    assert.ok(series !== undefined, `not a sample: ${line}`)
    assert.ok(!samples.has(series), `twice: ${series}`)
    samples.set(series, Number(value))
  }
  return samples
}

describeOnKafka('watching a pipeline', ({ client, broker }) => {
  let pipeline: RunningPipeline
  before(async () => {
    pipeline = await startWatched(watched, client(), ['--brokers', broker().brokers])
  })
  const scrape = async () => readSamples((await pipeline.page('/metrics')).text)

  test('/api/v1/kafka/metrics has the shape that the reference prints', async () => {
    const file = join(root, 'test/fixtures/metrics/kafka-metrics.json')
    const reference = JSON.parse(readFileSync(file, 'utf8')) as unknown
    const metrics = await pipeline.metrics()
    assert.deepEqual(shapeOf(metrics), shapeOf(reference))
    assert.deepEqual(metrics.sources['payments'], {
      messages_consumed: PAYMENTS,
      bytes_consumed: metrics.sources['payments']!.bytes_consumed,
      lag: 0,
      consumer_group: 'watched',
      partitions: [0, 1]
    })
    assert.equal(metrics.sources[HOSTILE]!.messages_consumed, 100)
    assert.equal(metrics.sinks['shares']!.messages_produced, PAYMENTS - BROKEN)
  })

  test('/metrics counts what happened, in the format and by the names of Prometheus', async () => {
    const { text, type } = await pipeline.page('/metrics')
    assert.equal(type, 'text/plain; version=0.0.4; charset=utf-8')
    const samples = readSamples(text)
    const value = (series: string): number => {
      assert.ok(samples.has(series), `${series} is missing:\n${text}`)
      return samples.get(series)!
    }
    const payments = 'source="payments",topic="payments"'
    assert.equal(value(`miraclec_source_records_total{${payments}}`), PAYMENTS)
    assert.equal(value(`miraclec_source_rejected_records_total{${payments}}`), BROKEN)
    assert.equal(value(`miraclec_source_lag_records{${payments},partition="1"}`), 0)
    assert.ok(value(`miraclec_source_watermark_delay_seconds{${payments},partition="0"}`) < 60)
    assert.equal(
      value(
        `miraclec_errors_total{of="payments",side="source",code="division-by-zero",position="13:31"}`
      ),
      BROKEN
    )
    assert.equal(value('miraclec_dead_letter_records_total{topic="payments-dlq"}'), BROKEN)
    const hostile = HOSTILE.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
    assert.equal(value(`miraclec_source_records_total{source="${hostile}",topic="users"}`), 100)
    assert.equal(value(`miraclec_state_rows{state="${hostile}",kind="table"}`), 100)
    assert.ok(value(`miraclec_state_bytes{state="${hostile}",kind="table"}`) > 100 * 10)
    const shares = 'sink="shares",topic="shares"'
    const latency = 'miraclec_end_to_end_latency_seconds'
    assert.equal(value(`${latency}_count{${shares}}`), PAYMENTS - BROKEN)
    assert.equal(value(`${latency}_bucket{${shares},le="+Inf"}`), PAYMENTS - BROKEN)
    assert.ok(value(`${latency}_sum{${shares}}`) > 0)
    assert.ok(value('miraclec_commit_duration_seconds_count') >= 1)
    assert.ok(value('miraclec_source_processing_seconds_total{' + payments + '}') > 0)
    const asked = value('miraclec_model_rows_total{model="risk"}')
    assert.equal(asked, value('miraclec_sink_records_total{sink="risky",topic="risky"}'))
    assert.ok(value('miraclec_model_duration_seconds_count{model="risk"}') >= 1)
    const delay = `miraclec_event_loop_delay_seconds{process="${pipeline.pid}",quantile="0.99"}`
    assert.ok(value(delay) > 0)
    // A batch has records, and all of them are in one.
    assert.equal(value(`miraclec_source_batch_records_sum{${payments}}`), PAYMENTS)
    assert.equal(value(`miraclec_sink_batch_records_sum{${shares}}`), PAYMENTS - BROKEN)
    assert.ok(value(`miraclec_source_bytes_total{${payments}}`) > PAYMENTS * 10)
    assert.equal(value(`miraclec_source_late_records_total{${payments}}`), 0)
    assert.ok(value('miraclec_checkpoint_duration_seconds_count') >= 0)
    await client().write('payments', [{ value: '{"id":1,"parts":0,"amount":1}' }])
    await until('the next scrape shows what has happened since', async () => {
      const records = (await scrape()).get(`miraclec_source_records_total{${payments}}`)
      return records === PAYMENTS + 1
    })
  })

  test('status is one screen: lag, rates, latency, state, and errors with their place in the SQL', async () => {
    const text = ask(await pipeline.port(), 'status')
    assert.match(text, /^watched [0-9a-f]{12} {3}ready {3}up .* {3}busy \d+\.\d %$/m)
    assert.match(text, /^payments +running +0 +1,001 +0 +\S.* ahead +8 +0$/m)
    assert.match(text, /^shares +running +0 +993 +0 +/m)
    assert.match(text, /^seconds-groups +stage +[1-9]/m)
    assert.match(text, /^risk +0 +/m)
    assert.match(text, /^division-by-zero +8 +0 .*13:31 INSERT INTO shares: amount \/ parts/m)
    // Names are those of the script, and move no cursor.
    assert.ok(text.includes(HOSTILE))
    const json = JSON.parse(ask(await pipeline.port(), 'status', '--format', 'json')) as object
    assert.ok('partitions' in (json as { sources: object[] }).sources[0]!)
  })

  test('status --watch shows one screen after the other, each as large as the terminal', async t => {
    const lacking = terminalMissing()
    if (lacking !== null && process.env['CI'] === undefined) return t.skip(lacking)
    const port = String(await pipeline.port())
    using terminal = new Terminal([watched.path, 'status', '--watch', '--port', port], {})
    const last = '13:31 INSERT INTO shares'
    await terminal.shows(last)
    const screen = await terminal.shows(last)
    assert.match(screen, /watched [0-9a-f]{12} +ready[^]*payments +running/)
    const lines = screen.split('\n')
    assert.ok(lines.length <= 40, screen)
    for (const line of lines) assert.ok(line.length <= 100, line)
    terminal.type('\x03')
    assert.equal(await terminal.exit(), 130)
  })

  test('explain --analyze shows what each operator let through, and where the time went', async () => {
    const text = ask(await pipeline.port(), 'explain', '--analyze', '--seconds', '0.5')
    assert.match(text, /^ +rows\/s +rows +time +per row in$/m)
    const rows = (operator: string): number => {
      const line = text.split('\n').find(one => one.includes(operator))!
      return Number(/^ +\S+ +([\d,]+) +\d+\.\d % /.exec(line)![1]!.replaceAll(',', ''))
    }
    // Of 200 numbers, half are of a user: of those above 100, four times 100 are.
    assert.equal(rows('Filter amount > 100'), PAYMENTS - 101)
    assert.equal(rows('Lookup JOIN'), 400)
    assert.equal(rows('Sink risky'), 400)
    assert.equal(rows('Filter amount > 10 '), PAYMENTS - 11)
    assert.equal(rows('Source payments'), PAYMENTS + 1)
    assert.match(text, /^In \d+ ms, of one core:\noperators, as above +\d\.\d %$/m)
    assert.match(text, /^idle +\d\d\.\d %$/m)
    assert.match(text, /^model risk +0\.0 %$/m)
    assert.match(text, /^barriers: flush and commit/m)
  })

  test('dashboard and alert rules use metrics that a pipeline has', async () => {
    const { text } = await pipeline.page('/metrics')
    const types = new Map(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!])
    )
    const known = new Set(
      [...types].flatMap(([name, type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
      )
    )
    // Prometheus itself adds the first two.
    const labels = new Set(['instance', 'job', ...labelNames(text)])
    const folder = join(root, 'templates/monitoring')
    const rules = parse(readFileSync(join(folder, 'prometheus-alerts.yaml'), 'utf8')) as {
      readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[]
    }
    const dashboard = JSON.parse(
      readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8')
    ) as Dashboard
    const expressions = [
      ...rules.groups.flatMap(group => group.rules.map(({ expr }) => expr)),
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...dashboard.templating.list.flatMap(({ query }) =>
        typeof query === 'string' ? [] : [query.query.replace(/, \w+\)$/, ')')]
      )
    ]
    assert.ok(expressions.length > 40)
    for (const expression of expressions) {
      const names = metricsOf(expression)
      assert.ok(names.length > 0, expression)
      for (const name of names) assert.ok(known.has(name), `${name} of ${expression}`)
      for (const label of labelsOf(expression))
        assert.ok(labels.has(label), `${label} of ${expression}`)
    }
    // In texts of alerts, and in legends.
    const shown = `${JSON.stringify(rules)} ${JSON.stringify(dashboard)}`
    for (const [, alerts, legend] of shown.matchAll(/\$labels\.(\w+)|\{\{\s*(\w+)\s*\}\}/g)) {
      assert.ok(labels.has(alerts ?? legend!), alerts ?? legend)
    }
  })

  // It stops the pipeline: this test is the last.
  test('status --watch stays while the pipeline is started again', async t => {
    const lacking = terminalMissing()
    if (lacking !== null && process.env['CI'] === undefined) return t.skip(lacking)
    const port = String(await pipeline.port())
    using terminal = new Terminal([watched.path, 'status', '--watch', '--port', port], {})
    await terminal.shows('13:31 INSERT INTO shares')
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    await terminal.shows('no pipeline answers')
    await new RunningPipeline(watched, ['--brokers', broker().brokers, '--port', port]).ready()
    // It counts from nought.
    assert.match(await terminal.shows('shares '), /payments +\w+ +\S* +0 /)
    terminal.type('\x03')
    assert.equal(await terminal.exit(), 130)
  })
})

interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[]
  readonly templating: {
    readonly list: readonly { readonly query: string | { readonly query: string } }[]
  }
}

/** Of all samples in Prometheus' text. */
function labelNames(text: string): string[] {
  const sets = [...text.matchAll(/^[a-zA-Z_:][\w:]*\{(.*)\} \S+$/gm)]
  return sets.flatMap(([, set]) => [...set!.matchAll(/(\w+)="/g)].map(([, label]) => label!))
}
