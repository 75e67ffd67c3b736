import { join } from 'node:path'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import { txn10k, txn1kText } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import type { Figure } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { startPinned, withPinnedBroker } from '../../harness/pin.ts'
import { compareRates, describeRates, type Rates, ratesOf } from '../../harness/rates.ts'
import { childCpuSeconds } from '../../harness/sample.ts'
import { reached } from '../../harness/reached.ts'
import { missingTools } from '../../peers/tools.ts'
import type { RawReading } from './raw-reader.ts'

const RAW_READER = join(import.meta.dirname, 'raw-reader.ts')
const ROUNDS = 4

interface Size {
  readonly name: string
  readonly records: number
  /** Thousands of records per second. */
  readonly bar: number
  /** Those of text, behind the six that all transactions have. */
  readonly texts: readonly string[]
  value(n: number): Uint8Array
}

const sizes: readonly Size[] = [
  { name: '1 KB', records: 600_000, bar: 500, texts: ['note'], value: n => txn1kText(n) },
  {
    ...{ name: '10 KB', records: 100_000, bar: 100, value: txn10k },
    texts: [...Array.from({ length: 200 }, (_, i) => `field_${i}`), 'note']
  }
]

/**
 * No record passes a filter: on one column, or on every one; both parse each record to its end. Beside programs that read and look at
 * nothing, in turn.
 */
export const ingestion: BenchCase = {
  title: 'records read, checked and compared, on one core',
  async run(cx) {
    const kafka = await cx.kafka()
    const isKcatHere = missingTools(['kcat']).length === 0
    if (!isKcatHere) console.log('kcat is skipped: it is not installed')
    return withPinnedBroker(kafka, async () => {
      const figures: Figure[] = []
      for (const size of sizes) figures.push(...(await compare(kafka, size, isKcatHere)))
      return figures
    })
  }
}

async function compare(kafka: LoadedKafka, size: Size, isKcatHere: boolean): Promise<Figure[]> {
  const { name, records, bar, value } = size
  const topic = `ingestion-${name.replace(' ', '')}`
  await kafka.fill(topic, records, value)
  const [one, every, raw, kcat]: [Rates[], Rates[], Rates[], Rates[]] = [[], [], [], []]
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await runOurs(kafka, size, topic, `${topic}-one-${round}`, false))
    raw.push(await runRaw(kafka, topic))
    if (isKcatHere) kcat.push(await runKcat(kafka, size, topic))
    every.push(await runOurs(kafka, size, topic, `${topic}-every-${round}`, true))
  }
  await kafka.deleteTopic(topic)
  return [
    ...describeRates(`${name}: miraclec`, one, bar),
    ...describeRates(`${name}, every column: miraclec`, every),
    ...describeRates(`${name}: raw sockets`, raw),
    ...(isKcatHere
      ? [
          ...describeRates(`${name}: kcat`, kcat),
          ...compareRates(`${name}: miraclec / kcat`, one, kcat, 0.75),
          ...compareRates(`${name}, every column: miraclec / kcat`, every, kcat)
        ]
      : [])
  ]
}

/** Of the last three quarters. */
async function runOurs(
  kafka: LoadedKafka,
  { texts, records }: Size,
  topic: string,
  output: string,
  isEveryColumn: boolean
): Promise<Rates> {
  await kafka.createTopic(output)
  const others = `transaction_id < 0 OR user_id < 0 OR merchant_id < 0 OR timestamp < 0 OR status = 'none'
   ${texts.map(text => `OR ${text} = 'none'`).join(' ')}`
  using pipeline = compilePipeline(
    'nothing',
    `CREATE SOURCE transactions FROM KAFKA (topic = '${topic}', group_id = '${output}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT,
          ${texts.map(text => `${text} TEXT`).join(', ')});
CREATE SINK nothing TO KAFKA (topic = '${output}') AS
SELECT transaction_id FROM transactions WHERE amount < 0 ${isEveryColumn ? `OR ${others}` : ''};`
  )
  const port = await freePort()
  const words = ['--brokers', kafka.brokers, '--port', String(port)]
  const process = startPinned(pipeline.path, words)
  try {
    const consumed = async (): Promise<number> =>
      (await readMetrics(port))?.sources['transactions']?.messages_consumed ?? 0
    const first = await reached(process, records / 4, consumed)
    const [started, cpuBefore] = [performance.now(), process.usage().cpuSeconds]
    const last = await reached(process, records, consumed)
    const seconds = (performance.now() - started) / 1000
    return ratesOf(last - first, seconds, process.usage().cpuSeconds - cpuBefore)
  } finally {
    await process.stop()
  }
}

async function runRaw(kafka: LoadedKafka, topic: string): Promise<Rates> {
  const process = startPinned(globalThis.process.execPath, [RAW_READER, kafka.brokers, topic])
  const line = await process.said('perSecond')
  await process.ended()
  const { records, seconds, cpuSeconds } = JSON.parse(line) as RawReading
  return ratesOf(records, seconds, cpuSeconds)
}

/** Its start counts, some 50 ms. */
async function runKcat(kafka: LoadedKafka, { records }: Size, topic: string): Promise<Rates> {
  const cpuBefore = childCpuSeconds()
  const words = ['-C', '-b', kafka.brokers, '-t', topic, '-o', 'beginning', '-e', '-q']
  const milliseconds = await startPinned('kcat', words).ended()
  return ratesOf(records, milliseconds / 1000, childCpuSeconds() - cpuBefore)
}
