import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun, type RunFigures } from '../../harness/measure-run.ts'

const ROUNDS = 3
const DELIVERIES = ['at_least_once', 'exactly_once'] as const

type Delivery = (typeof DELIVERIES)[number]

/** Every record can be used, or none: the same topic, copied to a sink or to the dead letters. */
export const errorStorm: BenchCase = {
  title: 'all records are bad, beside all are good',
  async run(cx) {
    const kafka = await cx.kafka()
    const figures: Figure[] = []
    for (const delivery of DELIVERIES) figures.push(...(await compare(kafka, delivery)))
    return figures
  }
}

async function compare(kafka: LoadedKafka, delivery: Delivery): Promise<readonly Figure[]> {
  const good: RunFigures[] = []
  const bad: RunFigures[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const name = `${delivery}-${round}`
    good.push(await copy(kafka, delivery, `good-${name}`, 'TEXT'))
    // No status is a number.
    bad.push(await copy(kafka, delivery, `bad-${name}`, 'BIGINT'))
  }
  const speed = (run: RunFigures): number => run.recordsPerSecond
  const label = (name: string) => ({ name: `${delivery}: ${name}`, unit: 'K records/s' })
  const thousands = (runs: readonly RunFigures[]) => runs.map(run => speed(run) / 1000)
  return [
    bestOf({ ...label('good'), better: 'more' }, thousands(good)),
    bestOf({ ...label('bad'), better: 'more' }, thousands(bad)),
    ratioOf(
      { name: `${delivery}: bad / good`, unit: 'x', better: 'more', bar: 0.5 },
      bad.map(speed),
      good.map(speed)
    ),
    ...[
      { name: 'good', runs: good },
      { name: 'bad', runs: bad }
    ].map(({ name, runs }) =>
      bestOf(
        { name: `${delivery}: CPU, ${name}`, unit: 'CPU-s/M records', better: 'less' },
        runs.map(run => run.cpuSeconds)
      )
    ),
    ratioOf(
      { name: `${delivery}: CPU, bad / good`, unit: 'x', better: 'less', bar: 2 },
      bad.map(run => run.cpuSeconds),
      good.map(run => run.cpuSeconds)
    ),
    bestOf(
      { name: `${delivery}: peak memory, bad`, unit: 'MB', better: 'less' },
      bad.map(run => run.peakMegabytes)
    )
  ]
}

async function copy(
  kafka: LoadedKafka,
  delivery: Delivery,
  name: string,
  status: 'TEXT' | 'BIGINT'
): Promise<RunFigures> {
  const [copied, letters] = [`${name}-copied`, `${name}-letters`]
  using pipeline = compilePipeline(
    'storm',
    `SET delivery = '${delivery}';
CREATE SOURCE transactions FROM KAFKA (topic = '${kafka.topic}', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status ${status}, timestamp BIGINT)
  ON ERROR (action = 'dead_letter', dead_letter_topic = '${letters}');
CREATE SINK copied TO KAFKA (topic = '${copied}', linger_ms = 10) AS
SELECT transaction_id, user_id, amount, merchant_id, status, timestamp FROM transactions;`
  )
  await kafka.createTopic(copied)
  await kafka.createTopic(letters)
  const words = ['--brokers', kafka.brokers, '--port', '0']
  const output = status === 'TEXT' ? copied : letters
  const work = { records: kafka.records, output, outputs: kafka.records }
  return await measureRun({ command: pipeline.path, words }, kafka, work)
}
