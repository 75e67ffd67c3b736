import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from '../../../../runtime/connect/wire/cluster.ts'
import { Leaders } from '../../../../runtime/connect/wire/leaders.ts'
import { METADATA } from '../../../../runtime/connect/wire/metadata.ts'
import { ScriptedBroker } from '../../../support/kafka/scripted-broker.ts'

const BACK_OFF = 20

function seekAt(port: number) {
  const cluster = new Cluster({
    brokers: [{ host: '127.0.0.1', port }],
    connection: { clientId: 'test', tls: null, timeout: 1000 },
    login: null,
    apis: [METADATA]
  })
  const told: (number | string)[] = []
  const leaders = new Leaders(cluster, 't', BACK_OFF, {
    learned: ({ partitions }) => {
      told.push(partitions[0]!.leader)
      return partitions[0]!.leader >= 0
    },
    failed: error => told.push((error as Error).message)
  })
  const close = (): void => {
    leaders.close()
    cluster.close()
  }
  return { leaders, told, close }
}

test('brokers are asked until a partition has a leader, once for all who miss it', async () => {
  const broker = await ScriptedBroker.start(2)
  const { leaders, told, close } = seekAt(broker.port)
  leaders.seek()
  leaders.seek()
  while (told.length < 3) await sleep(1)
  assert.deepEqual(told, [-1, -1, 1])
  assert.equal(leaders.topic!.partitions[0]!.leader, 1)
  assert.equal(leaders.brokers.get(1)!.port, broker.port)
  await sleep(3 * BACK_OFF)
  assert.equal(told.length, 3)
  // What is missed afterwards is asked for anew.
  leaders.seek()
  while (told.length < 4) await sleep(1)
  close()
  broker.stop()
})

test('where no broker answers they are asked again until it is closed', async () => {
  const broker = await ScriptedBroker.start(0)
  const { leaders, told, close } = seekAt(broker.port)
  broker.stop()
  leaders.seek()
  while (told.length < 2) await sleep(1)
  assert.match(String(told[0]), /ECONNREFUSED/)
  close()
  const count = told.length
  await sleep(3 * BACK_OFF)
  assert.equal(told.length, count)
})
