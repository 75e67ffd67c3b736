import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GroupChanges } from '../../../runtime/state/group-changes.ts'
import { decodeRow } from '../../../runtime/state/state-codec.ts'

interface Item {
  readonly id: number
  touched: number
  stored: boolean
}

test('groups that change, leave and are taken in parts are those of a Set, in its order', () => {
  for (let seed = 1; seed <= 200; seed++) follow(seed)
})

function follow(seed: number): void {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) % below
  }
  const changes = new GroupChanges<Item>({ name: 'g', keys: 1, save: ({ id }) => [id], sets: null })
  const items = Array.from({ length: 12 }, (_, id): Item => ({ id, touched: -1, stored: false }))
  const model = new Set<Item>()
  let left: number[] = []
  for (let step = 0; step < 200; step++) {
    const item = items[random(items.length)]!
    const action = random(10)
    if (action < 6) {
      changes.touch(item)
      model.add(item)
    } else if (action < 8) {
      if (item.stored) left.push(item.id)
      changes.leave(item)
      model.delete(item)
    } else {
      const limit = action === 8 ? Infinity : 1 + random(4)
      const taken = changes.take(limit)
      const room = model.size + left.length <= limit ? Infinity : limit - left.length
      const expected = [...model].slice(0, Math.max(0, room))
      for (const one of expected) model.delete(one)
      const ids = [...left, ...expected.map(({ id }) => id)]
      left = []
      assert.deepEqual(
        taken.map(({ key }) => decodeRow(key)[0]),
        ids,
        `seed ${seed}`
      )
    }
    assert.deepEqual([...changes.changed()], [...model], `seed ${seed}`)
    assert.equal(changes.count, model.size + left.length, `seed ${seed}`)
  }
}
