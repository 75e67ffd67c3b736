import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SpareMemory } from '../../../../runtime/connect/spare-memory.ts'
import { PartitionQueue } from '../../../../runtime/connect/produce/partition-queue.ts'
import { prepareCrc32c } from '../../../../runtime/connect/wire/crc32c.ts'
import { NO_HEADERS } from '../../../../runtime/connect/produce/record-headers.ts'

const limits = { bytes: 100, records: 3, linger: 50 }
const value = new Uint8Array(20)

function add(queue: PartitionQueue): void {
  const batch = queue.open(value.length, limits)
  batch.add(value, -1, -1, 0, value.length, NO_HEADERS)
}

test('a batch takes records up to its limits, and waits behind what was sent before only while it is alone', () => {
  const queue = new PartitionQueue(0, new SpareMemory<Uint8Array>(1 << 20, ({ length }) => length))
  assert.equal(queue.dueAt(limits, false, -Infinity), null)
  add(queue)
  const { first } = queue
  assert.equal(queue.dueAt(limits, false, 1000), 1050)
  assert.equal(queue.dueAt(limits, true, 1000), 0)
  add(queue)
  add(queue)
  assert.equal(first!.count, 3)
  add(queue)
  assert.equal(first!.count, 3)
  assert.equal(queue.dueAt(limits, false, 1000), 0)
  queue.replaceFirst()
  assert.equal(queue.first!.count, 1)
})

test('the first batch to a broker waits for nobody', () => {
  const queue = new PartitionQueue(0, new SpareMemory<Uint8Array>(1 << 20, ({ length }) => length))
  add(queue)
  assert.equal(queue.dueAt(limits, false, -Infinity), 0)
})

test('nothing is added to a batch that is on its way, or was', async () => {
  await prepareCrc32c()
  const queue = new PartitionQueue(0, new SpareMemory<Uint8Array>(1 << 20, ({ length }) => length))
  const none = { number: 0, compress: (records: Uint8Array) => records }
  add(queue)
  queue.first!.seal({ id: 7, epoch: 0 }, false, 0, none)
  add(queue)
  add(queue)
  assert.deepEqual(
    queue.batches.map(({ count }) => count),
    [1, 2]
  )
})

test('a batch that failed waits for its time, and what stands in its place begins anew', () => {
  const queue = new PartitionQueue(0, new SpareMemory<Uint8Array>(1 << 20, ({ length }) => length))
  add(queue)
  queue.attempts = 2
  queue.notBefore = 1e9
  assert.equal(queue.dueAt(limits, true, 1000), 1e9)
  queue.replaceFirst([])
  assert.deepEqual([queue.isEmpty, queue.attempts, queue.notBefore], [true, 0, 0])
})

test('memory of batches that have arrived is there for those of other partitions, as far as it may be kept', () => {
  const memory = new SpareMemory<Uint8Array>(40_000, ({ length }) => length)
  const [one, other] = [new PartitionQueue(0, memory), new PartitionQueue(1, memory)]
  const arrive = (): Uint8Array => {
    add(one)
    const used = one.first!.memory
    one.arrived()
    return used
  }
  const used = arrive()
  assert.equal(arrive(), used)
  add(other)
  assert.equal(other.first!.memory, used)
  for (let i = 0; i < 4; i++) memory.give(new Uint8Array(16_384))
  const kept = Array.from({ length: 4 }, () => memory.take())
  assert.deepEqual(
    kept.map(one => one !== null),
    [true, true, false, false]
  )
})
