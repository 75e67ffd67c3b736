import { loadKafkaNative } from '../../../runtime/native/index.ts'

/** How long the broker takes for each answer, in ms. */
const ROUND_TRIP = 4000

/** Sends a record to librdkafka's own broker, and waits 500 ms for it. Prints `waiting`, and then whether that was over `in time`. */
const { Producer } = await loadKafkaNative()
const producer = new Producer({
  'test.mock.num.brokers': 1,
  'test.mock.broker.rtt': ROUND_TRIP,
  'linger.ms': 0,
  log_level: 3
} as object)
await new Promise<void>((resolve, reject) => {
  producer.connect({}, error => (error ? reject(error) : resolve()))
})
producer.produce('slow', 0, Buffer.from('record'), null)
const start = performance.now()
setTimeout(() => console.log('waiting'), 100)
producer.flush(500, () => {
  console.log(performance.now() - start < ROUND_TRIP * 0.9 ? 'in time' : 'too late')
  process.exit()
})
