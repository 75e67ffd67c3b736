// data/verdicts.ts as somebody would write it on @platformatic/kafka: a stream of records, JSON.parse and JSON.stringify, 5,000
// records or 10 ms per send. Its commits are by a timer, so they may be ahead of a send in flight: work that others do and it does not.
//
//     node platformatic.mjs <brokers> <input> <output> <group>
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'

const [brokers, input, output, group] = process.argv.slice(2)
const RECORDS_PER_SEND = 5000
const SENDS_IN_FLIGHT = 4

const bootstrapBrokers = [brokers]
const consumer = new Consumer({
  groupId: group,
  clientId: 'consumer',
  bootstrapBrokers,
  maxWaitTime: 100,
  minBytes: 1,
  maxBytes: 16 << 20,
  maxBytesPerPartition: 1 << 20,
  highWaterMark: 16384,
  deserializers: stringDeserializers
})
const producer = new Producer({
  clientId: 'producer',
  bootstrapBrokers,
  acks: -1,
  idempotent: false,
  autocreateTopics: false,
  serializers: stringSerializers
})

function judge(text) {
  const { transaction_id, amount, timestamp } = JSON.parse(text)
  if (!(amount > 500)) return null
  const verdict = amount > 950 ? 'BLOCK' : amount > 900 ? 'REVIEW' : 'APPROVE'
  return JSON.stringify({ transaction_id, amount, verdict, timestamp })
}

const stream = await consumer.consume({
  topics: [input],
  mode: 'earliest',
  autocommit: 1000,
  sessionTimeout: 30000,
  heartbeatInterval: 3000
})
let waiting = []
let inFlight = 0

function fail(error) {
  console.error(error)
  process.exit(1)
}

function send() {
  const messages = waiting
  waiting = []
  if (++inFlight >= SENDS_IN_FLIGHT) stream.pause()
  producer.send({ messages }).then(() => {
    if (--inFlight < SENDS_IN_FLIGHT) stream.resume()
  }, fail)
}

stream.on('data', ({ partition, value: text }) => {
  const value = judge(text)
  if (value === null) return
  if (waiting.push({ topic: output, partition, value }) >= RECORDS_PER_SEND) send()
})
stream.on('error', fail)
setInterval(() => {
  if (waiting.length > 0) send()
}, 10)
process.on('SIGTERM', () => process.exit(0))
