import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulateEnds, hopEnds } from '../../../runtime/functions/index.ts'
import { windowsOf, windowsUpTo } from '../../../runtime/functions/sliced-windows.ts'
import { makeInterval } from '../../../runtime/sql/interval.ts'
import { cumulateWindows, hopWindows } from '../../../runtime/time/sliced-windows.ts'
import { makeRandom } from '../../support/functions/random-value.ts'

const random = makeRandom(7)
const ms = (length: number) => makeInterval(0, 0, length)

for (const kind of ['hop', 'cumulate'] as const) {
  test(`times of a slice of ${kind} windows are in the same windows, and those are their first to their last`, () => {
    for (let round = 0; round < 300; round++) {
      const step = 1 + random(20)
      const size = kind === 'hop' ? step + 1 + random(80) : step * (2 + random(9))
      const offset = random(50)
      const windows = (kind === 'hop' ? hopWindows : cumulateWindows)(step, size, offset)
      const endsOf = (time: number): readonly number[] => {
        const ends = (kind === 'hop' ? hopEnds : cumulateEnds)(
          ms(step),
          ms(size),
          time,
          ms(offset),
          0
        )
        return ends as number[]
      }
      for (let time = -60; time < 60; time++) {
        const ends = endsOf(time)
        const title = `step ${step}, size ${size}, offset ${offset}, time ${time}`
        assert.equal(windows.firstEnd(time), ends[0], title)
        assert.equal(windows.lastEnd(time), ends.at(-1), title)
        assert.equal(windowsOf(windows, time, 0, 0, 0), ends.length, title)
        const upTo = time + random(100)
        assert.equal(
          windowsUpTo(windows, time, upTo),
          ends.filter(end => end <= upTo).length,
          title
        )
        const slice = windows.sliceEnd(time)
        assert.ok(slice > time && slice <= ends[0]!, title)
        assert.deepEqual(endsOf(slice - 1), ends, title)
        for (const end of ends) {
          const [start, anchor] = [windows.startOf(end), windows.anchorOf(end)]
          assert.ok(start <= time && start <= anchor && anchor <= end, title)
          // Slices end at both: no slice is partly in a window, or on both sides of its anchor.
          for (const at of [start, anchor, end]) assert.equal(windows.sliceEnd(at - 1), at, title)
        }
      }
    }
  })
}

test('a time of which a window is out of range fails', () => {
  const windows = hopWindows(1000, 5000, 0)
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
  assert.throws(() => windowsOf(windows, last, 0, 0, 0), { code: 'out-of-range' })
  assert.equal(windowsOf(windows, last - 5000, 0, 0, 0), 5)
  const first = -62_135_596_800_000
  assert.equal(windowsOf(windows, first, 0, 0, 0), 5)
  assert.throws(() => windowsOf(windows, first, -5000, 0, 0), { code: 'out-of-range' })
})
