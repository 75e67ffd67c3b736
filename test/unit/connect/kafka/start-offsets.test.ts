import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findStarts, type WantedTopic } from '../../../../runtime/connect/kafka/start-offsets.ts'

type Consumer = Parameters<typeof findStarts>[0]

interface Asked {
  readonly committed: number[]
  readonly ends: number[]
}

/** A group that has read partition 0 of a topic when it had `known` partitions; every partition begins at 10 and ends at 20. */
function makeConsumer(known: number, asked: Asked): Consumer {
  const consumer = {
    committed(
      list: readonly { readonly partition: number }[],
      _: number,
      done: (...of: unknown[]) => void
    ) {
      asked.committed.push(...list.map(({ partition }) => partition))
      const read = { offset: 15, metadata: `topic T of ${known}` }
      done(
        null,
        list.map(one => ({ ...one, ...(one.partition === 0 ? read : {}) }))
      )
    },
    queryWatermarkOffsets(
      ...[, partition, , done]: [string, number, number, (...of: unknown[]) => void]
    ) {
      asked.ends.push(partition)
      done(null, { lowOffset: 10, highOffset: 20 })
    }
  }
  return consumer as unknown as Consumer
}

async function find(known: number, partitions: readonly number[], answered: readonly number[]) {
  const asked: Asked = { committed: [], ends: [] }
  const wanted: WantedTopic = {
    topic: 't',
    identify: () => Promise.resolve({ id: 'T', partitions: 4 }),
    // Not what the client says, to tell who was asked.
    ends: () => Promise.resolve(new Map(answered.map(partition => [partition, 21]))),
    reset: 'latest',
    read: new Map(),
    isCopied: false
  }
  const starts = await findStarts(makeConsumer(known, asked), wanted, partitions)
  return {
    asked,
    offsets: starts.map(({ offset, isAtEnd }) => (isAtEnd ? `${offset} end` : offset))
  }
}

test('the offset of the group comes before the end of the topic, which is asked for at the same time', async () => {
  const { asked, offsets } = await find(4, [0, 1, 2, 3], [0, 1, 2, 3])
  assert.deepEqual(offsets, [15, '21 end', '21 end', '21 end'])
  assert.deepEqual(asked, { committed: [0, 1, 2, 3], ends: [] })
})

test('the client is asked for the end of a partition of which nobody else knows it', async () => {
  const { asked, offsets } = await find(4, [1, 2], [1])
  assert.deepEqual(offsets, ['21 end', '20 end'])
  assert.deepEqual(asked.ends, [2])
})

test('a partition that is newer than the group is read from its beginning, whoever has the others', async () => {
  assert.deepEqual((await find(2, [1, 2], [1, 2])).offsets, ['21 end', 10])
  const { asked, offsets } = await find(1, [1], [1])
  assert.deepEqual(offsets, [10])
  assert.deepEqual(asked.committed, [0, 1, 2, 3])
})
