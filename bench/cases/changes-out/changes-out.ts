import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { txn1kText } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import type { Figure } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { startPinned, withPinnedBroker } from '../../harness/pin.ts'
import { compareRates, describeRates, type Rates, ratesOf } from '../../harness/rates.ts'
import { childCpuSeconds } from '../../harness/sample.ts'
import { post } from '../../harness/sql-load.ts'
import { buildProducerPerformance } from '../../peers/producer-performance/build.ts'
import { missingTools } from '../../peers/tools.ts'

const TOKEN = 'bench'
const ROWS = 1000
/** Statements of a request: each changes all rows. */
const STATEMENTS = 20
/** The first ones are for the just-in-time compiler. */
const [WARM_UP, REQUESTS] = [4, 10]
/** Of the other program, in the same rows. */
const RECORDS = 300_000

/** Thousands a second. */
const bars = { none: 400, snappy: 350, lz4: undefined, zstd: undefined } as const
type Compression = keyof typeof bars

/** UPDATE of all rows of a table, each change a record of 1 KB in a sink, beside Kafka's own load generator with the same records. */
export const changesOut: BenchCase = {
  title: 'changes of a table, 1 KB each, on one core',
  async run({ kafka: start, options: { rounds } }) {
    const kafka = await start()
    const missing = missingTools(['mvn', 'java'])
    if (missing.length > 0) console.log(`ProducerPerformance is skipped: no ${missing.join(', ')}`)
    const generator = missing.length > 0 ? null : buildProducerPerformance()
    return withPinnedBroker(kafka, async () => {
      const figures: Figure[] = []
      for (const compression of ['none', 'snappy', 'lz4', 'zstd'] as const) {
        figures.push(...(await compare(kafka, compression, generator, rounds)))
      }
      return figures
    })
  }
}

async function compare(
  kafka: LoadedKafka,
  compression: Compression,
  generator: readonly string[] | null,
  rounds: number
): Promise<Figure[]> {
  const [ours, theirs]: [Rates[], Rates[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(await runOurs(kafka, compression, round))
    if (generator !== null) theirs.push(await runGenerator(kafka, compression, generator, round))
  }
  const bar = bars[compression]
  const figures = describeRates(`${compression}: miraclec`, ours, bar)
  if (generator === null) return figures
  const other = 'ProducerPerformance'
  return [
    ...figures,
    ...describeRates(`${compression}: ${other}`, theirs),
    ...compareRates(
      `${compression}: miraclec / ${other}`,
      ours,
      theirs,
      bar === undefined ? bar : 0.75
    )
  ]
}

async function runOurs(
  kafka: LoadedKafka,
  compression: Compression,
  round: number
): Promise<Rates> {
  const topic = `changes-${compression}-${round}`
  await kafka.createTopic(topic)
  // Of its own name: the changelog of a table is called by it.
  using pipeline = compilePipeline(
    topic,
    `CREATE TABLE accounts (id BIGINT PRIMARY KEY, balance BIGINT, note TEXT);
CREATE SINK changes TO KAFKA (topic = '${topic}', compression = '${compression}', linger_ms = 5) FROM TABLE accounts;`
  )
  const port = await freePort()
  const access = ['--port', String(port), '--state-dir', pipeline.state]
  const env = { MIRACLEC_TOKEN: TOKEN }
  const process = startPinned(pipeline.path, ['--brokers', kafka.brokers, ...access], env)
  try {
    await process.logged('"started"')
    const rows = Array.from({ length: ROWS }, (_, id) => `(${id}, 0, '${noteOf(id)}')`)
    await post(`INSERT INTO accounts VALUES ${rows.join(', ')}`, { port, token: TOKEN })
    const update = 'UPDATE accounts SET balance = balance + 1'
    const body = Array.from({ length: STATEMENTS }, () => update).join(';\n')
    const send = async (requests: number): Promise<void> => {
      for (let i = 0; i < requests; i++) await post(body, { port, token: TOKEN })
    }
    await send(WARM_UP)
    const [started, cpuBefore] = [performance.now(), process.usage().cpuSeconds]
    await send(REQUESTS)
    const seconds = (performance.now() - started) / 1000
    const rates = ratesOf(
      REQUESTS * STATEMENTS * ROWS,
      seconds,
      process.usage().cpuSeconds - cpuBefore
    )
    await process.stop()
    await verifyChanges(kafka, topic)
    return rates
  } finally {
    await process.stop('SIGKILL')
    await kafka.deleteTopic(topic)
  }
}

/** With it, a change is a record of some 1,000 bytes. */
function noteOf(id: number): string {
  return Buffer.from(txn1kText(id)).toString('latin1').replaceAll(/\W/g, ' ').slice(0, 960)
}

/** Each row has each of its balances once, in their order. */
async function verifyChanges(kafka: LoadedKafka, topic: string): Promise<void> {
  const balances = new Map<number, number>()
  await kafka.visit(topic, (bytes, start, end) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
    const { id, balance, note } = JSON.parse(text) as {
      readonly id: number
      readonly balance: number
      readonly note: string
    }
    if (balance !== (balances.get(id) ?? -1) + 1 || note !== noteOf(id))
      throw new Error(`${topic}: not expected, or twice: ${text}`)
    balances.set(id, balance)
  })
  const last = (WARM_UP + REQUESTS) * STATEMENTS
  const isWhole = balances.size === ROWS && [...balances.values()].every(one => one === last)
  if (!isWhole) throw new Error(`${topic}: changes are missing`)
}

async function runGenerator(
  kafka: LoadedKafka,
  compression: Compression,
  generator: readonly string[],
  round: number
): Promise<Rates> {
  const topic = `generated-${compression}-${round}`
  await kafka.createTopic(topic)
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-changes-'))
  try {
    const records = join(folder, 'records')
    const lines = Array.from(
      { length: ROWS },
      (_, id) => `{"id":${id},"balance":${id},"note":"${noteOf(id)}"}`
    )
    writeFileSync(records, lines.join('\n'))
    const load = ['--topic', topic, '--num-records', String(RECORDS), '--throughput', '-1']
    const settings = {
      'bootstrap.servers': kafka.brokers,
      'compression.type': compression,
      acks: 'all',
      'linger.ms': 5,
      'batch.size': 512 << 10,
      'buffer.memory': 64 << 20
    }
    const properties = Object.entries(settings).map(pair => pair.join('='))
    const cpuBefore = childCpuSeconds()
    const words = [...generator, ...load, '--payload-file', records]
    const process = startPinned('java', [...words, '--producer-props', ...properties])
    const milliseconds = await process.ended()
    const written = await kafka.written(topic)
    if (written !== RECORDS)
      throw new Error(`${written} of ${RECORDS} records:\n${process.lines()}`)
    return ratesOf(RECORDS, milliseconds / 1000, childCpuSeconds() - cpuBefore)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await kafka.deleteTopic(topic)
  }
}
