import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { produceSettings } from '../../../../runtime/connect/kafka/produce-settings.ts'
import { RawProducer } from '../../../../runtime/connect/produce/raw-producer.ts'
import { NO_HEADERS } from '../../../../runtime/connect/produce/record-headers.ts'
import { ScriptedBroker } from '../../../support/kafka/scripted-broker.ts'
import { until } from '../../../support/kafka/until.ts'

function sendOne(producer: RawProducer): Promise<boolean> {
  const bytes = Buffer.from('value')
  const none = Int32Array.of(-1)
  const columns = { bytes, count: 1, keyStart: none, keyEnd: none }
  const sent = { ...columns, valueStart: Int32Array.of(0), valueEnd: Int32Array.of(5) }
  return producer.send(sent, () => NO_HEADERS)
}

for (const withoutLeader of [0, 1, 3]) {
  test(
    `records arrive where the first ${withoutLeader} answers know no leader of a new topic`,
    { timeout: 10_000 },
    async () => {
      const broker = await ScriptedBroker.start(withoutLeader)
      const settings = await produceSettings('t', {
        'metadata.broker.list': `127.0.0.1:${broker.port}`,
        'enable.idempotence': true,
        partitioner: 'murmur2_random',
        'retry.backoff.ms': 5
      })
      if (typeof settings === 'string') assert.fail(settings)
      const producer = await RawProducer.open(settings, {
        lost: error => assert.fail(error.message),
        connected: () => {}
      })
      assert.ok(await sendOne(producer))
      await producer.flush()
      assert.equal(broker.produced, 1)
      producer.close()
      broker.stop()
    }
  )
}

test('what librdkafka refuses beside other settings is left to it', async () => {
  const usual = {
    'metadata.broker.list': 'localhost',
    'enable.idempotence': true,
    partitioner: 'murmur2_random',
    'request.required.acks': 'all',
    'message.timeout.ms': 0
  }
  assert.equal(typeof (await produceSettings('t', usual)), 'object')
  const refused = {
    'request.required.acks': '1',
    'max.in.flight.requests.per.connection': '6',
    'message.send.max.retries': 0,
    'message.timeout.ms': '10'
  }
  for (const [name, value] of Object.entries(refused)) {
    const settings = { ...usual, 'linger.ms': 10, [name]: value }
    assert.equal(await produceSettings('t', settings), name)
  }
})

test('a broker that has just started, and gives no producer id yet, is asked again', async () => {
  const broker = await ScriptedBroker.start(0, 2)
  const settings = await produceSettings('t', {
    'metadata.broker.list': `127.0.0.1:${broker.port}`,
    'enable.idempotence': true,
    partitioner: 'murmur2_random'
  })
  if (typeof settings === 'string') assert.fail(settings)
  const listener = { lost: () => {}, connected: () => {} }
  const producer = await RawProducer.open(settings, listener)
  producer.close()
  broker.stop()
})

test(
  'brokers that are gone are told though nothing is to be sent',
  { timeout: 10_000 },
  async () => {
    const broker = await ScriptedBroker.start(0)
    const settings = await produceSettings('t', {
      'metadata.broker.list': `127.0.0.1:${broker.port}`,
      'enable.idempotence': true,
      partitioner: 'murmur2_random',
      'retry.backoff.ms': 5
    })
    if (typeof settings === 'string') assert.fail(settings)
    const told = Promise.withResolvers<readonly [boolean, string]>()
    const producer = await RawProducer.open(settings, {
      lost: error => assert.fail(error.message),
      connected: (up, reason) => told.resolve([up, reason])
    })
    broker.stop()
    const [up, reason] = await told.promise
    assert.equal(up, false)
    assert.match(reason, /ECONNREFUSED/)
    producer.close()
  }
)

test(
  'a leader that is deposed answers late: what came meanwhile is in no batch that is on its way, and arrives',
  { timeout: 20_000 },
  async context => {
    const [old, next, first] = [
      await ScriptedBroker.start(0),
      await ScriptedBroker.start(0),
      await ScriptedBroker.start(0)
    ]
    const brokers = [old, next, first]
    // Asked for leaders in this order: who holds an answer answers nothing else on that connection.
    for (const broker of brokers) {
      broker.cluster = [next, old]
      broker.leader = old
    }
    const settings = await produceSettings('t', {
      'metadata.broker.list': `127.0.0.1:${first.port}`,
      'enable.idempotence': true,
      partitioner: 'murmur2_random',
      'linger.ms': 0,
      'retry.backoff.ms': 5
    })
    if (typeof settings === 'string') assert.fail(settings)
    const producer = await RawProducer.open(settings, {
      lost: error => assert.fail(error.message),
      connected: () => {}
    })
    context.after(() => {
      producer.close()
      for (const broker of [old, next]) broker.stop()
    })
    old.isHolding = true
    await sendOne(producer)
    await until('it is on its way', () => old.produced === 1)
    for (const broker of brokers) broker.leader = next
    // Whose connection closes is a reason to ask who leads.
    first.stop()
    await sleep(100)
    next.isHolding = true
    await sendOne(producer)
    await sleep(100)
    const NOT_LEADER = 6
    old.release(NOT_LEADER)
    await sleep(100)
    await sendOne(producer)
    next.release(0)
    await producer.flush()
    assert.equal(next.acknowledged, 3)
  }
)

test(
  'a topic that a broker does not know when it comes back is waited for from then on',
  { timeout: 10_000 },
  async context => {
    const broker = await ScriptedBroker.start(0)
    const settings = await produceSettings('t', {
      'metadata.broker.list': `127.0.0.1:${broker.port}`,
      'enable.idempotence': true,
      partitioner: 'murmur2_random',
      'retry.backoff.ms': 5,
      'topic.metadata.propagation.max.ms': 100
    })
    if (typeof settings === 'string') assert.fail(settings)
    const lost: string[] = []
    const producer = await RawProducer.open(settings, {
      lost: error => lost.push(error.message),
      connected: () => {}
    })
    context.after(() => {
      producer.close()
      broker.stop()
    })
    broker.isHolding = true
    await sendOne(producer)
    await until('it is on its way', () => broker.produced === 1)
    const [NOT_LEADER, UNKNOWN_TOPIC] = [6, 3]
    broker.release(NOT_LEADER)
    broker.isHolding = true
    await until('it is on its way again', () => broker.produced === 2)
    await sleep(150)
    broker.release(UNKNOWN_TOPIC)
    await producer.flush()
    assert.deepEqual(lost, [])
    assert.equal(broker.acknowledged, 1)
  }
)
