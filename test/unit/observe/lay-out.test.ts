import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layOut, type Box } from '../../../runtime/watch/page/lay-out.ts'

const sizes = { along: 100, across: 50, gapAlong: 40, gapAcross: 20 }

function box(id: number, ...inputs: number[]): Box {
  return { id, inputs }
}

test('readers stand behind what they read; nothing lies upon another', () => {
  // Two sources, a table, a fan-out, a join over several layers.
  const boxes = [
    box(1),
    box(2, 1),
    box(3),
    box(4, 2, 3),
    box(5, 4),
    box(6, 2),
    box(7, 6, 5),
    box(8, 1)
  ]
  const { boxes: placed, edges, along, across } = layOut(boxes, sizes)
  for (const { id, inputs } of boxes) {
    for (const input of inputs) {
      assert.ok(placed.get(input)!.along + 100 < placed.get(id)!.along, `${input} before ${id}`)
    }
  }
  const all = [...placed.values()]
  all.forEach((a, i) => {
    assert.ok(a.along >= 0 && a.along + 100 <= along && a.across >= 0 && a.across + 50 <= across)
    for (const b of all.slice(i + 1)) {
      assert.ok(a.along !== b.along || Math.abs(a.across - b.across) >= 50 + 20 - 1e-9)
    }
  })
  // Edges go forwards only, from side to side.
  for (const { from, to, points } of edges) {
    assert.equal(points[0]![0], placed.get(from)!.along + 100)
    assert.equal(points.at(-1)![0], placed.get(to)!.along)
    points.slice(1).forEach(([at], i) => assert.ok(at >= points[i]![0]))
  }
  // A source that is read late stands right before its reader.
  assert.equal(placed.get(3)!.along, placed.get(2)!.along)
})

test('a chain is a straight line; nothing is nothing', () => {
  const { boxes } = layOut([box(1), box(2, 1), box(3, 2)], sizes)
  assert.deepEqual(
    [...boxes.values()].map(({ across }) => across),
    [0, 0, 0]
  )
  assert.equal(layOut([], sizes).across, 0)
})
