import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PipelineDefinition } from '../../../runtime/contract/index.ts'
import { makeMetrics } from '../../../runtime/observe/metrics.ts'
import { takeSnapshot } from '../../../runtime/observe/snapshot.ts'
import { makeExporter } from '../../../runtime/watch/prometheus.ts'

const definition = {
  name: 'p',
  version: 'v',
  sources: [{ name: 'a\n"b', topic: 't', groupId: 'g', line: 1 }],
  sinks: [],
  models: [],
  sites: [],
  plan: { json: '{"nodes":[]}' }
} as unknown as PipelineDefinition

const observed = {
  ...{ now: 0, started: 0, isReady: true, states: [], memory: null, process: null },
  watermarksOf: () => null
}

test('counters do not fall where the pipeline goes back; names stay inside of their quotes', async () => {
  const metrics = makeMetrics(definition)
  const exporter = makeExporter()
  const records = async (count: number): Promise<string> => {
    metrics.sources[0]!.messages = count
    const text = await exporter.render(takeSnapshot(definition, metrics, observed))
    return /^miraclec_source_records_total.*$/m.exec(text)![0]
  }
  const series = 'miraclec_source_records_total{source="a\\n\\"b",topic="t"}'
  assert.equal(await records(1000), `${series} 1000`)
  assert.equal(await records(400), `${series} 1000`)
  assert.equal(await records(1001), `${series} 1001`)
})
