// data/verdicts.ts by the KafkaJS-like calls of Confluent's client, as its documentation shows them: eachBatch, one send per batch,
// offsets committed by a timer when their batch is through.
//
//     node bench/peers/node-kafkajs-style.ts <brokers> <input> <output> <group>
import kafka from '@confluentinc/kafka-javascript'
import { judge } from './judge.ts'

const [brokers = '', input = '', output = '', group = ''] = process.argv.slice(2)
const { Kafka, logLevel } = kafka.KafkaJS
const client = new Kafka({ kafkaJS: { brokers: [brokers], logLevel: logLevel.ERROR } })
const producer = client.producer({
  kafkaJS: { acks: -1 },
  'linger.ms': 10,
  'batch.size': 524288,
  'batch.num.messages': 100_000,
  'queue.buffering.max.messages': 1_000_000
})
const consumer = client.consumer({
  kafkaJS: { groupId: group, fromBeginning: true, autoCommit: true, autoCommitInterval: 1000 },
  'fetch.message.max.bytes': 4 << 20,
  'fetch.max.bytes': 16 << 20,
  'queued.max.messages.kbytes': 65_536,
  'js.consumer.max.batch.size': 1000
})

await Promise.all([producer.connect(), consumer.connect()])
await consumer.subscribe({ topics: [input] })
await consumer.run({
  partitionsConsumedConcurrently: 4,
  eachBatch: async ({ batch: { messages, partition } }) => {
    const verdicts = messages.flatMap(message => {
      const value = judge(String(message.value))
      return value === null ? [] : [{ value, partition }]
    })
    if (verdicts.length > 0) await producer.send({ topic: output, messages: verdicts })
  }
})
process.on('SIGTERM', () => process.exit(0))
