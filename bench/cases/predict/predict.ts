import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { txn130 } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun, type RunFigures } from '../../harness/measure-run.ts'
import { describeRuns, type Runs } from '../peers/compare-runs.ts'

const MODEL = join(import.meta.dirname, '../../../examples/fraud/fraud_model.onnx')
const LIMIT = 0.5
/** Scores are 32 bits wide, and their last digits depend on how many rows a model gets at once. */
const TOLERANCE = 1e-5

const kinds = {
  'with a model': `predict('fraud_detector', amount, merchant_id / 1000.0, user_id / 1000000.0)`,
  'without one': 'amount / 1000'
} as const
type Kind = keyof typeof kinds

/** Each record scored by a model and filtered by the score, beside the same with a division in its place. */
export const predict: BenchCase = {
  title: 'filter by the score of a model',
  async run({ kafka: start, options: { rounds } }) {
    const kafka = await start()
    const scores = await expectedScores(kafka.records)
    const runs: Runs = new Map()
    for (let round = 0; round < rounds; round++) {
      for (const kind of Object.keys(kinds) as Kind[]) {
        const run = await runPipeline(kafka, kind, round, scores[kind])
        runs.set(kind, [...(runs.get(kind) ?? []), run])
      }
    }
    const cpuOf = (kind: Kind): number[] => runs.get(kind)!.map(run => run.warmCpuSeconds)
    const ratio = { name: 'with / without a model: CPU, warm', unit: 'x', better: 'less' } as const
    return [...describeRuns(runs), ratioOf(ratio, cpuOf('with a model'), cpuOf('without one'))]
  }
}

async function runPipeline(
  kafka: LoadedKafka,
  kind: Kind,
  round: number,
  scores: ReadonlyMap<number, number>
): Promise<RunFigures> {
  const output = `scored-${kind.replaceAll(' ', '-')}-${round}`
  using pipeline = compilePipeline(
    output,
    `CREATE SOURCE transactions FROM KAFKA (topic = '${kafka.topic}', group_id = '${output}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);
CREATE MODEL fraud_detector FROM '${MODEL}';
CREATE SINK scored TO KAFKA (topic = '${output}', compression = 'none', linger_ms = 10) AS
SELECT transaction_id, ${kinds[kind]} AS score FROM transactions WHERE ${kinds[kind]} > ${LIMIT};`
  )
  await kafka.createTopic(output)
  const work = { records: kafka.records, output, outputs: scores.size }
  const program = { command: pipeline.path, words: ['--brokers', kafka.brokers, '--port', '0'] }
  const figures = await measureRun(program, kafka, work)
  await verify(kafka, output, scores)
  await kafka.deleteTopic(output)
  return figures
}

/** By transaction: those that pass. Of the model as ONNX Runtime gives them, which is called with all rows at once. */
async function expectedScores(
  records: number
): Promise<Readonly<Record<Kind, ReadonlyMap<number, number>>>> {
  const features = new Float32Array(records * 3)
  const amounts = new Map<number, number>()
  for (let n = 0; n < records; n++) {
    const { amount, merchant_id, user_id } = JSON.parse(
      Buffer.from(txn130(n)).toString()
    ) as Readonly<Record<string, number>>
    features.set([amount!, merchant_id! / 1000, user_id! / 1_000_000], n * 3)
    if (amount! / 1000 > LIMIT) amounts.set(n, amount! / 1000)
  }
  const session = await InferenceSession.create(MODEL)
  const { y } = await session.run({ x: new Tensor('float32', features, [records, 3]) })
  const scores = new Map<number, number>()
  const found = y!.data as Float32Array
  for (let n = 0; n < records; n++) if (found[n]! > LIMIT) scores.set(n, found[n]!)
  return { 'with a model': scores, 'without one': amounts }
}

/** Each that passes is there once, with its score. */
async function verify(
  kafka: LoadedKafka,
  topic: string,
  scores: ReadonlyMap<number, number>
): Promise<void> {
  const left = new Map(scores)
  await kafka.visit(topic, (bytes, start, end) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
    const { transaction_id, score } = JSON.parse(text) as {
      readonly transaction_id: number
      readonly score: number
    }
    const expected = left.get(transaction_id)
    if (expected === undefined || Math.abs(expected - score) > TOLERANCE)
      throw new Error(`${topic}: not expected, or twice: ${text}`)
    left.delete(transaction_id)
  })
  if (left.size > 0) throw new Error(`${topic}: ${left.size} scores are missing`)
}
