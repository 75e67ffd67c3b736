import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { giveBack } from '../../../runtime/memory/give-back.ts'
import { loadTrimMemory } from '../../../runtime/native/index.ts'

test('memory is given back now and then, until that is ended', t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let times = 0
  const end = giveBack(() => ++times > 0)
  t.mock.timers.tick(90_000)
  assert.equal(times, 3)
  end()
  t.mock.timers.tick(90_000)
  assert.equal(times, 3)
})

test('what lies between pieces that are in use is given back, which the C library never does by itself', async () => {
  const trim = await loadTrimMemory()
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NodeJS.GCFunction
  // Of the C library's heap, with pages of their own.
  const [pieces, bytes] = [1000, 65_536]
  const kept = Array.from({ length: pieces }, () => Buffer.allocUnsafeSlow(bytes).fill(1))
  const full = process.memoryUsage.rss()
  for (let i = 0; i < pieces; i += 2) kept[i] = Buffer.alloc(0)
  collect({ type: 'major', execution: 'sync' })
  const freed = (pieces / 2) * bytes
  assert.ok(full - process.memoryUsage.rss() < freed / 4, 'it is not given back yet')
  // V8 frees what it has collected on a thread of its own.
  const isGivenBack = (): boolean => trim() && full - process.memoryUsage.rss() > freed / 2
  for (let i = 0; !isGivenBack(); i++) {
    assert.ok(i < 100, 'it is given back')
    await sleep(20)
  }
  assert.equal(kept.at(-1)![0], 1)
})
