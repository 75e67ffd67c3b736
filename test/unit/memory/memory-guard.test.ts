import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryGuard } from '../../../runtime/memory/memory-guard.ts'
import { MemoryExhausted } from '../../../runtime/observe/memory-exhausted.ts'
import type { StateSnapshot } from '../../../runtime/observe/snapshot.ts'
import { makeRoom } from '../../../runtime/pipeline/make-room.ts'

const MB = 1 << 20

/** A process that uses what it is told, at a time that it is told. */
class FakeProcess {
  now = 0
  /** What is held, and what is garbage. */
  held = 100 * MB
  garbage = 0
  heap = 0.1
  looks = 0
  collections = 0

  guard(limit: number, isStored = false, processes = 1): MemoryGuard {
    const host = {
      elapsed: () => this.now,
      measure: () => {
        this.looks++
        return { resident: this.held + this.garbage, heap: this.heap }
      },
      collect: () => {
        this.collections++
        this.garbage = 0
      }
    }
    return new MemoryGuard(limit, isStored, host, processes)
  }

  /** As `makeRoom` sees the pipeline. */
  host(settle: () => void = () => {}) {
    const ignore = (): void => {}
    return {
      log: { log: ignore, limited: ignore },
      clock: {
        now: () => this.now,
        elapsed: () => this.now,
        sleep: async (ms: number) => void (this.now += ms)
      },
      settle: async () => settle(),
      isOver: () => false
    }
  }
}

const state: StateSnapshot = {
  ...{ name: 'totals', kind: 'stage', rows: 1_234_567, bytes: 50 * MB, line: 3 }
}

test('memory is scarce from a mark on, until there is clearly less', () => {
  const process = new FakeProcess()
  const guard = process.guard(256 * MB)
  const scarceAt = (megabytes: number): boolean => {
    process.held = megabytes * MB
    process.now += 1000
    return guard.isScarce
  }
  assert.deepEqual([100, 229, 231].map(scarceAt), [false, false, true])
  assert.deepEqual([229, 220, 210].map(scarceAt), [true, true, false])
  assert.equal(scarceAt(229), false)
})

test('V8 must not run out of its part either', () => {
  const process = new FakeProcess()
  const guard = process.guard(1024 * MB)
  process.heap = 0.9
  process.now += 1000
  assert.equal(guard.isScarce, true)
})

test('who asks often makes it look seldom', () => {
  const process = new FakeProcess()
  const guard = process.guard(256 * MB)
  const before = process.looks
  for (let i = 0; i < 1000; i++) {
    process.now += 0.1
    void guard.isScarce
  }
  assert.ok(process.looks - before <= 6, String(process.looks))
})

test('what is garbage, or becomes it by a commit, makes room', async () => {
  const process = new FakeProcess()
  const guard = process.guard(256 * MB)
  process.garbage = 200 * MB
  process.now += 1000
  assert.equal(guard.isScarce, true)
  await makeRoom(guard, process.host())
  assert.equal(guard.isScarce, false)

  process.held = 240 * MB
  process.now += 1000
  await makeRoom(
    guard,
    process.host(() => {
      process.held -= 100 * MB
      process.garbage += 100 * MB
    })
  )
  assert.equal(guard.isScarce, false)
})

test('states that give up a part each time make room by and by', async () => {
  const process = new FakeProcess()
  const guard = process.guard(256 * MB)
  process.held = 250 * MB
  process.now += 1000
  await makeRoom(
    guard,
    process.host(() => {
      process.held -= 8 * MB
    })
  )
  assert.equal(guard.isScarce, false)
})

test('what is held and leaves no room ends the pipeline, after a commit, and says how much it needs', async () => {
  const process = new FakeProcess()
  const guard = process.guard(256 * MB)
  guard.watch(() => [state])
  process.held = 250 * MB
  process.now += 1000
  let commits = 0
  const refusal = await makeRoom(
    guard,
    process.host(() => commits++)
  ).then(
    () => null,
    (error: unknown) => error
  )
  assert.ok(refusal instanceof MemoryExhausted)
  assert.ok(commits >= 2, 'what others did meanwhile is committed too')
  assert.equal(
    refusal.message,
    '--max-memory 256MB is not enough: it holds 1,234,567 rows of state, 50MB as their changelogs have them'
  )
  assert.match(refusal.hint!, /^Give it 293MB or more .*SET state = 'lmdb'.*SET state_ttl/)
  // Of two that share a limit people are told what both need.
  const shared = process.guard(256 * MB, false, 2)
  shared.watch(() => [state])
  process.now += 1000
  assert.equal(shared.isScarce, true)
  const both = shared.exhausted()
  assert.match(
    both.message,
    /^--max-memory 512MB is not enough for 2 processes: one of them holds /
  )
  assert.match(both.hint!, /^Give it 585MB or more/)
  // With that much it would have gone on.
  const enough = new FakeProcess()
  enough.held = 250 * MB
  const larger = enough.guard(293 * MB)
  enough.now += 1000
  assert.equal(larger.isScarce, false)
})

test('without state in memory no state is blamed', () => {
  for (const [isStored, states] of [
    [false, []],
    [true, [state]]
  ] as const) {
    const guard = new FakeProcess().guard(256 * MB, isStored)
    guard.watch(() => states)
    const { message, hint } = guard.exhausted()
    assert.match(message, /all that was read is written and committed/)
    assert.doesNotMatch(hint!, /lmdb/)
  }
})

test('states that are gone are not counted', () => {
  const guard = new FakeProcess().guard(256 * MB)
  const forget = guard.watch(() => [state])
  forget()
  assert.doesNotMatch(guard.exhausted().message, /rows of state/)
})

test('time without reading is counted once, however many wait', async () => {
  const process = new FakeProcess()
  const guard = process.guard(256 * MB)
  const wait = Promise.withResolvers<undefined>()
  const both = [1, 2].map(() => guard.pause(() => wait.promise.then(() => {})))
  process.now += 2000
  assert.equal(guard.snapshot().pausedSeconds, 2)
  wait.resolve(undefined)
  await Promise.all(both)
  process.now += 2000
  assert.equal(guard.snapshot().pausedSeconds, 2)
})
