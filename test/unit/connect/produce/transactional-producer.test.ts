import assert from 'node:assert/strict'
import { test } from 'node:test'
import { produceSettings } from '../../../../runtime/connect/kafka/produce-settings.ts'
import { TransactionalProducer } from '../../../../runtime/connect/produce/transactional-producer.ts'
import { ScriptedBroker } from '../../../support/kafka/scripted-broker.ts'

test(
  'the end of a topic that is not there is waited for as long as a topic may take to come, no longer',
  { timeout: 10_000 },
  async context => {
    const broker = await ScriptedBroker.start(0)
    broker.hasNoTopic = true
    const settings = await produceSettings('', {
      'metadata.broker.list': `127.0.0.1:${broker.port}`,
      'enable.idempotence': true,
      partitioner: 'murmur2_random',
      'retry.backoff.ms': 5,
      'topic.metadata.propagation.max.ms': 200
    })
    if (typeof settings === 'string') assert.fail(settings)
    const producer = await TransactionalProducer.open(
      { ...settings, transactionalId: 'id', transactionTimeout: 60_000 },
      { lost: () => {}, failed: () => {}, connected: () => {} }
    )
    context.after(() => {
      producer.close()
      broker.stop()
    })
    const start = performance.now()
    await assert.rejects(producer.endOf('t', 0), /Unknown topic or partition/)
    assert.ok(performance.now() - start > 150)
  }
)
