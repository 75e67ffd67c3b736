import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutputBatch } from '../../../runtime/contract/index.ts'
import { countOf, Histogram, quantileOf } from '../../../runtime/observe/histogram.ts'
import { LatencySamples } from '../../../runtime/observe/latency-samples.ts'

test('a value counts in the first bucket whose bound it does not pass', () => {
  const histogram = new Histogram([1, 10])
  for (const value of [0, 1, 1.5, 10, 11]) histogram.observe(value)
  assert.deepEqual(histogram.snapshot(), { bounds: [1, 10], counts: [2, 2, 1], sum: 23.5 })
})

test('quantiles lie inside of their bucket; above all bounds only the last is known', () => {
  const histogram = new Histogram([10, 20])
  assert.equal(quantileOf(histogram.snapshot(), 0.5), null)
  histogram.observe(15, 4)
  assert.equal(quantileOf(histogram.snapshot(), 0.5), 15)
  histogram.observe(1000, 96)
  assert.equal(quantileOf(histogram.snapshot(), 0.5), 20)
})

function batchOf(times: readonly number[]): OutputBatch {
  return { count: times.length, timestamp: Float64Array.from(times) } as unknown as OutputBatch
}

test('latency: some records stand for all of their batch, and count when they are acknowledged', () => {
  const latency = new LatencySamples()
  latency.take(batchOf(Array.from({ length: 1001 }, () => 5000)))
  latency.take(batchOf([4000]))
  assert.equal(countOf(latency.histogram.snapshot()), 0)
  latency.acknowledged(6000)
  const { sum, counts } = latency.histogram.snapshot()
  assert.equal(
    counts.reduce((a, b) => a + b),
    1002
  )
  assert.equal(sum, 1001 * 1 + 2)
  latency.acknowledged(9000)
  assert.equal(countOf(latency.histogram.snapshot()), 1002)
})

test('latency: rows that come from no single record have none, nor have those that are sent again', () => {
  const latency = new LatencySamples()
  latency.take(batchOf([0, 0]))
  latency.acknowledged(6000)
  latency.take(batchOf([5000]))
  latency.discard()
  latency.acknowledged(7000)
  assert.equal(countOf(latency.histogram.snapshot()), 0)
})
