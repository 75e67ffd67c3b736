import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PipelineDefinition } from '../../../runtime/contract/index.ts'
import { makeMetrics } from '../../../runtime/observe/metrics.ts'
import { takeSnapshot } from '../../../runtime/observe/snapshot.ts'
import { cutText, textWidth } from '../../../runtime/observe/text-width.ts'
import { renderStatus } from '../../../runtime/watch/render-status.ts'

const site = (line: number) => ({ statement: 'INSERT INTO k', line, column: 3, text: 'a / b' })
const definition = {
  name: 'p',
  version: 'v',
  sources: [{ name: 'orders', topic: 'orders', groupId: 'g', line: 1 }],
  sinks: [],
  models: [],
  sites: [site(7), site(9)],
  plan: { json: '{"nodes":[]}' }
} as unknown as PipelineDefinition

/** What it says of a pipeline where division fails 5 times at one place, then once a second at another. */
function render(columns: number, rows?: number): readonly string[] {
  const metrics = makeMetrics(definition)
  const { errors } = metrics.sources[0]!
  const take = (now: number) =>
    takeSnapshot(definition, metrics, {
      ...{ now, started: 0, isReady: true, states: [], memory: null, process: null },
      watermarksOf: () => null
    })
  for (let i = 0; i < 5; i++) errors.add('division-by-zero', 0, 'a long text of what is wrong', 0)
  metrics.deadLetters.set('orders-dlq', 5)
  const before = take(1000)
  for (let i = 0; i < 2; i++) errors.add('division-by-zero', 1, 'division by zero', 2000)
  metrics.deadLetters.set('orders-dlq', 7)
  return renderStatus(take(3000), before, columns, rows).split('\n')
}

test('errors of one kind at two places have a rate each, dead letters have theirs', () => {
  const lines = render(Infinity)
  const of = (text: RegExp): string => lines.find(line => text.test(line))!
  assert.match(
    of(/ 7:3 /),
    /^division-by-zero +5 +0 .*7:3 INSERT INTO k: a \/ b: a long text of what is wrong$/
  )
  assert.match(of(/ 9:3 /), /^division-by-zero +2 +1\.0 /)
  assert.match(of(/^orders-dlq/), /^orders-dlq +1\.0 +7$/)
})

test('who is cut off says why, at the top', () => {
  const metrics = makeMetrics(definition)
  const take = () =>
    takeSnapshot(definition, metrics, {
      ...{ now: 1000, started: 0, isReady: false, states: [], memory: null, process: null },
      watermarksOf: () => null
    })
  assert.doesNotMatch(renderStatus(take(), take(), Infinity), /DISCONNECTED/)
  metrics.sources[0]!.trouble = 'connect ECONNREFUSED 127.0.0.1:9092'
  const lines = renderStatus(take(), take(), Infinity).split('\n')
  assert.deepEqual(lines.slice(2, 4), [
    'DISCONNECTED   why',
    'source orders  connect ECONNREFUSED 127.0.0.1:9092'
  ])
})

test('on a terminal each line is one', () => {
  const lines = render(60)
  assert.ok(lines.every(line => textWidth(line) <= 60))
  assert.ok(lines.some(line => line.endsWith('…')))
  assert.equal(cutText('日本語', 5), '日本…')
  assert.equal(cutText('日本', 4), '日本')
})

test('on a low screen the head and the errors are seen', () => {
  const whole = render(60)
  assert.deepEqual(render(60, whole.length), whole)
  for (let rows = 4; rows < whole.length; rows++) {
    const lines = render(60, rows)
    assert.equal(lines.length, rows, "the last one is the cursor's")
    assert.equal(lines[0], whole[0])
    assert.ok(lines.some(line => / more lines in a window with more rows$/.test(line)))
    if (rows >= 6) assert.ok(lines.some(line => line.startsWith('division-by-zero')))
  }
})
