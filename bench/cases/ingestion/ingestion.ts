import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import { txn10k, txn1kText } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import { missingTools } from '../../peers/tools.ts'
import { reached } from '../windows/windows-job.ts'

const RAW_READER = join(import.meta.dirname, 'raw-reader.ts')
const ROUNDS = 4
/** One for the broker, one for who reads. */
const [BROKER_CORE, READER_CORE] = ['0', '1']

interface Size {
  readonly name: string
  readonly records: number
  /** Records per second. */
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

/** All columns of all records are read and compared, none of them passes: beside programs that read and look at nothing, in turn. */
export const ingestion: BenchCase = {
  title: 'every column read and compared, on one core',
  async run(cx) {
    const kafka = await cx.kafka()
    const isKcatHere = missingTools(['kcat']).length === 0
    if (!isKcatHere) console.log('kcat is skipped: it is not installed')
    pin(kafka, BROKER_CORE)
    try {
      const figures: Figure[] = []
      for (const size of sizes) figures.push(...(await compare(kafka, size, isKcatHere)))
      return figures
    } finally {
      pin(kafka, `${BROKER_CORE},${READER_CORE}`)
    }
  }
}

function pin(kafka: LoadedKafka, cores: string): void {
  spawnSync('taskset', ['-a', '-c', '-p', cores, String(kafka.pid)])
}

function startPinned(command: string, words: readonly string[]): MeasuredProcess {
  return new MeasuredProcess('taskset', ['-c', READER_CORE, command, ...words])
}

async function compare(kafka: LoadedKafka, size: Size, isKcatHere: boolean): Promise<Figure[]> {
  const { name, records, bar, value } = size
  const topic = `ingestion-${name.replace(' ', '')}`
  await kafka.fill(topic, records, value)
  const [ours, raw, kcat]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await runOurs(kafka, size, topic, round))
    raw.push(await runRaw(kafka, topic))
    if (isKcatHere) kcat.push(await runKcat(kafka, size, topic))
  }
  await kafka.deleteTopic(topic)
  const rate = { unit: 'K records/s', better: 'more' } as const
  const ratio = { unit: 'x', better: 'more', bar: 0.75 } as const
  return [
    bestOf({ name: `${name}: miraclec`, bar, ...rate }, ours),
    bestOf({ name: `${name}: raw sockets`, ...rate }, raw),
    ratioOf({ name: `${name}: miraclec / raw sockets`, ...ratio }, ours, raw),
    ...(isKcatHere
      ? [
          bestOf({ name: `${name}: kcat`, ...rate }, kcat),
          ratioOf({ name: `${name}: miraclec / kcat`, ...ratio }, ours, kcat)
        ]
      : [])
  ]
}

/** Of the last three quarters, in thousands of records per second. */
async function runOurs(
  kafka: LoadedKafka,
  { texts, records }: Size,
  topic: string,
  round: number
): Promise<number> {
  const group = `${topic}-${round}`
  const output = `${group}-out`
  await kafka.createTopic(output)
  using pipeline = compilePipeline(
    'nothing',
    `CREATE SOURCE transactions FROM KAFKA (topic = '${topic}', group_id = '${group}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT,
          ${texts.map(text => `${text} TEXT`).join(', ')});
CREATE SINK nothing TO KAFKA (topic = '${output}') AS
SELECT transaction_id FROM transactions
WHERE transaction_id < 0 OR user_id < 0 OR amount < 0 OR merchant_id < 0 OR timestamp < 0 OR status = 'none'
   ${texts.map(text => `OR ${text} = 'none'`).join(' ')};`
  )
  const port = await freePort()
  const words = ['--brokers', kafka.brokers, '--port', String(port)]
  const process = startPinned(pipeline.path, words)
  try {
    const consumed = async (): Promise<number> =>
      (await readMetrics(port))?.sources['transactions']?.messages_consumed ?? 0
    const first = await reached(process, records / 4, consumed)
    const started = performance.now()
    const last = await reached(process, records, consumed)
    return (last - first) / (performance.now() - started)
  } finally {
    await process.stop()
  }
}

async function runRaw(kafka: LoadedKafka, topic: string): Promise<number> {
  const process = startPinned(globalThis.process.execPath, [RAW_READER, kafka.brokers, topic])
  const line = await process.said('perSecond')
  await process.ended()
  return (JSON.parse(line) as { readonly perSecond: number }).perSecond / 1000
}

/** Its start counts, some 50 ms. */
async function runKcat(kafka: LoadedKafka, { records }: Size, topic: string): Promise<number> {
  const words = ['-C', '-b', kafka.brokers, '-t', topic, '-o', 'beginning', '-e', '-q']
  return records / (await startPinned('kcat', words).ended())
}
