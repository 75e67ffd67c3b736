import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { PackedGroups } from '../../../runtime/state/packed-groups.ts'

const GROUPS = 100_000

test('memory that no group is in any more is given back, but for half of it', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NodeJS.GCFunction
  const held = async (): Promise<number> => {
    collect()
    // What V8 takes off in its own threads.
    await sleep(100)
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const before = await held()
  const groups = new PackedGroups(1, ['number', 'integer', 'value', 'value'])
  const places: number[] = []
  const fill = (): void => {
    for (let key = 0; key < GROUPS; key++) {
      groups.make([key])
      places.push(groups.place)
    }
  }
  fill()
  const full = (await held()) - before
  assert.ok(full > GROUPS * 4 * 8)
  for (const place of places.splice(0)) {
    groups.go(place)
    groups.drop()
  }
  assert.ok((await held()) - before < full * 0.6)
  fill()
  assert.ok((await held()) - before < full * 1.1)
  assert.equal(new Set(places).size, GROUPS)
})
