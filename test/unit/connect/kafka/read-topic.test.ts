import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTopic } from '../../../../runtime/connect/kafka/read-topic.ts'
import type { KafkaNative } from '../../../../runtime/native/index.ts'

type Done = (error: unknown, ...found: readonly unknown[]) => void

const NOT_AVAILABLE = Object.assign(new Error('Offset not available'), { code: 78 })

/** What a poll gives: so many records, whether the end was told, and where the leader says then that readers may go to. */
interface Poll {
  readonly records: number
  readonly isAtEnd: boolean
  readonly high: number
}

/** A client whose leader answers with `ends` where the partition ends, and gives what `polls` say; nothing more afterwards. */
function makeNative(ends: readonly (number | Error)[], polls: readonly Poll[]): KafkaNative {
  const [left, coming] = [[...ends], [...polls]]
  let high = 0
  let isAsked = false
  class KafkaConsumer {
    readonly _client = {
      consumeBatch: (...[, , done]: readonly [number, number, Done]) => {
        const {
          records,
          isAtEnd,
          high: now
        } = coming.shift() ?? { records: 0, isAtEnd: false, high }
        high = now
        setImmediate(done, null, records === 0 ? null : encode(records), records, Number(isAtEnd))
      }
    }
    on(): void {}
    removeListener(): void {}
    connect(...[, done]: readonly [unknown, Done]): void {
      done(null)
    }
    disconnect(done: () => void): void {
      done()
    }
    assign(): void {
      assert.ok(isAsked, 'the leader is asked before anything is read')
    }
    getWatermarkOffsets = (): unknown => ({ lowOffset: 0, highOffset: high })
    queryWatermarkOffsets(...[, , , done]: readonly [string, number, number, Done]): void {
      isAsked = true
      const end = left.length > 1 ? left.shift()! : left[0]!
      if (typeof end === 'number') done(null, { lowOffset: 0, highOffset: end })
      else done(end)
    }
  }
  return { KafkaConsumer } as unknown as KafkaNative
}

/** As the addon gives records: columns, then keys and values; here each has the key `k` and no value. */
function encode(count: number): Buffer {
  const block = Buffer.alloc(count * (2 * 8 + 6 * 4) + count)
  const column = (i: number): Int32Array =>
    new Int32Array(block.buffer, block.byteOffset + count * (2 * 8 + i * 4), count)
  for (let i = 0; i < count; i++) {
    column(1)[i] = -1
    column(3)[i] = i
    column(4)[i] = i + 1
    block[count * (2 * 8 + 6 * 4) + i] = 107
  }
  return block
}

async function read(ends: readonly (number | Error)[], polls: readonly Poll[]): Promise<number> {
  const native = makeNative(ends, polls)
  let count = 0
  const from = { topic: 't', partition: 0, offset: 0 }
  await readTopic(native, { 'metadata.broker.list': 'b' }, from, () => count++)
  return count
}

test('an end that a new leader tells before it knows of all that is committed is none', async () => {
  const polls = [
    { records: 2, isAtEnd: true, high: 2 },
    { records: 3, isAtEnd: true, high: 5 }
  ]
  assert.equal(await read([5], polls), 5)
})

test('a leader that does not know the end yet is asked again', async () => {
  assert.equal(await read([NOT_AVAILABLE, 2], [{ records: 2, isAtEnd: true, high: 2 }]), 2)
})

test('records that brokers have lost since are not waited for', async () => {
  assert.equal(await read([5, 2], [{ records: 2, isAtEnd: true, high: 2 }]), 2)
})

test('a topic that is not there yet is waited for, one that is not for this user is not', async () => {
  const error = (code: number): Error => Object.assign(new Error(`error ${code}`), { code })
  assert.equal(await read([error(3), 2], [{ records: 2, isAtEnd: true, high: 2 }]), 2)
  await assert.rejects(read([error(29)], []), /topic "t" can't be read: error 29/)
})
