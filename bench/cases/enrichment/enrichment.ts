import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { txn130 } from '../../data/transactions.ts'
import { user, type User, USERS } from '../../data/users.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun, type RunFigures } from '../../harness/measure-run.ts'

const EVENTS_TOPIC = 'enrichment-events'
const USERS_TOPIC = 'users'

/**
 * Every event looked up in a table of 100,000 rows, beside the same pipeline without the table, in turn, on one broker. CPU is of
 * whole runs, with start and the reading of the table: while the table is read, the client fetches events already. Beside it, of
 * the second half of the outputs: what an event costs once the table is there.
 */
export const enrichment: BenchCase = {
  title: 'events joined with a table of 100,000 rows',
  async run(cx) {
    const kafka = await cx.kafka()
    const { records, rounds } = cx.options
    await kafka.fill(EVENTS_TOPIC, records, n => txn130(n))
    await kafka.createTopic(USERS_TOPIC)
    const users = Array.from({ length: USERS }, (_, id) => ({
      key: String(id),
      value: JSON.stringify(user(id))
    }))
    await kafka.write(USERS_TOPIC, users)
    const expected = expectedIds(records)
    const joined: RunFigures[] = []
    const stateless: RunFigures[] = []
    for (let round = 0; round < rounds; round++) {
      stateless.push(await runPipeline(kafka, 'stateless', round, { records, expected }))
      joined.push(await runPipeline(kafka, 'joined', round, { records, expected }))
    }
    return [
      ...describeRuns('joined', joined),
      ...describeRuns('stateless', stateless),
      ratioOf(
        { name: 'joined / stateless: CPU', unit: 'x', better: 'less', bar: 1.6 },
        joined.map(run => run.cpuSeconds),
        stateless.map(run => run.cpuSeconds)
      ),
      ratioOf(
        { name: 'joined / stateless: CPU, warm', unit: 'x', better: 'less' },
        joined.map(run => run.warmCpuSeconds),
        stateless.map(run => run.warmCpuSeconds)
      )
    ]
  }
}

type Kind = 'joined' | 'stateless'

const SOURCE = `transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT`

/** Both write as many columns of as many rows: half of the events. */
function script(kind: Kind, group: string): string {
  const source = `CREATE SOURCE events FROM KAFKA (topic = '${EVENTS_TOPIC}', group_id = '${group}', auto_offset_reset = 'earliest') SCHEMA (${SOURCE});`
  const sink = `CREATE SINK enriched TO KAFKA (topic = '${group}', compression = 'none', linger_ms = 10) AS`
  if (kind === 'stateless') {
    return `${source}
${sink} SELECT e.transaction_id, e.amount, e.user_id % ${USERS} AS id, e.status, e.timestamp FROM events e WHERE e.amount > 500;`
  }
  return `${source}
CREATE SOURCE users FROM KAFKA (topic = '${USERS_TOPIC}', group_id = '${group}-users', format = 'upsert') SCHEMA (id BIGINT, name TEXT, tier TEXT, PRIMARY KEY (id));
${sink} SELECT e.transaction_id, e.amount, u.name, u.tier, e.timestamp
FROM events e JOIN users u ON e.user_id % ${USERS} = u.id WHERE e.amount > 500;`
}

interface Input {
  readonly records: number
  /** See `expectedIds`. */
  readonly expected: ReadonlyMap<number, number>
}

async function runPipeline(
  kafka: LoadedKafka,
  kind: Kind,
  round: number,
  { records, expected }: Input
): Promise<RunFigures> {
  const group = `enrichment-${kind}-${round}`
  using pipeline = compilePipeline(group, script(kind, group))
  await kafka.createTopic(group)
  const state = mkdtempSync(join(tmpdir(), 'miraclec-enrichment-'))
  try {
    const words = ['--brokers', kafka.brokers, '--port', '0', '--state-dir', state]
    const work = { records, output: group, outputs: expected.size }
    const figures = await measureRun({ command: pipeline.path, words }, kafka, work)
    if (round === 0) await verify(kafka, kind, group, expected)
    return figures
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}

interface Transaction {
  readonly transaction_id: number
  readonly user_id: number
  readonly amount: number
  readonly status: string
  readonly timestamp: number
}

/** The bench's own reckoning, by the id of the transaction: its user's. */
function expectedIds(records: number): ReadonlyMap<number, number> {
  const decoder = new TextDecoder()
  const ids = new Map<number, number>()
  for (let n = 0; n < records; n++) {
    const { transaction_id, user_id, amount } = JSON.parse(decoder.decode(txn130(n))) as Transaction
    if (amount > 500) ids.set(transaction_id, user_id % USERS)
  }
  return ids
}

/** Every output is there once, with the columns of its user. */
async function verify(
  kafka: LoadedKafka,
  kind: Kind,
  topic: string,
  expected: ReadonlyMap<number, number>
): Promise<void> {
  const left = new Map(expected)
  for (const value of await kafka.values(topic)) {
    const { transaction_id, ...found } = JSON.parse(value) as Partial<User> & Transaction
    const id = left.get(transaction_id)
    const known = id === undefined ? null : user(id)
    const isRight =
      kind === 'joined' ? found.name === known?.name && found.tier === known?.tier : found.id === id
    if (known === null || !isRight) throw new Error(`${topic}: not expected, or twice: ${value}`)
    left.delete(transaction_id)
  }
  if (left.size > 0) throw new Error(`${topic}: ${left.size} outputs are missing`)
}

function describeRuns(who: Kind, runs: readonly RunFigures[]): Figure[] {
  const rate = { name: `${who}: throughput, warm`, unit: 'K records/s', better: 'more' } as const
  const cpu = { name: `${who}: CPU`, unit: 'CPU-s/M records', better: 'less' } as const
  const warm = { name: `${who}: CPU, warm`, unit: 'CPU-s/M records', better: 'less' } as const
  const memory = { name: `${who}: peak memory`, unit: 'MB', better: 'less' } as const
  return [
    bestOf(
      rate,
      runs.map(run => run.warmRecordsPerSecond / 1000)
    ),
    bestOf(
      cpu,
      runs.map(run => run.cpuSeconds)
    ),
    bestOf(
      warm,
      runs.map(run => run.warmCpuSeconds)
    ),
    bestOf(
      memory,
      runs.map(run => run.peakMegabytes)
    )
  ]
}
