import assert from 'node:assert/strict'
import { test } from 'node:test'
import { produceSettings } from '../../../../runtime/connect/kafka/produce-settings.ts'
import { RawProducer } from '../../../../runtime/connect/produce/raw-producer.ts'
import { NO_HEADERS } from '../../../../runtime/connect/produce/record-headers.ts'
import { ScriptedBroker } from '../../../support/kafka/scripted-broker.ts'

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
      const bytes = Buffer.from('value')
      const none = Int32Array.of(-1)
      const columns = { bytes, count: 1, keyStart: none, keyEnd: none }
      const sent = { ...columns, valueStart: Int32Array.of(0), valueEnd: Int32Array.of(5) }
      assert.ok(await producer.send(sent, () => NO_HEADERS))
      await producer.flush()
      assert.equal(broker.produced, 1)
      producer.close()
      broker.stop()
    }
  )
}
