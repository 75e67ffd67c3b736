import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { txn130 } from './transactions.ts'
import type { Delivery } from './verdicts.ts'

export const MODEL = join(import.meta.dirname, '../../examples/fraud/fraud_model.onnx')
const LIMIT = 0.5

const scores = {
  scores: `predict('fraud_detector', amount, merchant_id / 1000.0, user_id / 1000000.0)`,
  quotients: 'amount / 1000'
} as const

/** By a model, or a division in its place. */
export type ScoreKind = keyof typeof scores

/** Transactions with their score, where that is high. */
export function scoresScript(
  kind: ScoreKind,
  delivery: Delivery,
  input: string,
  output: string
): string {
  const model = kind === 'scores' ? `CREATE MODEL fraud_detector FROM '${MODEL}';\n` : ''
  return `SET delivery = '${delivery}';
CREATE SOURCE transactions FROM KAFKA (topic = '${input}', group_id = '${output}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);
${model}CREATE SINK scored TO KAFKA (topic = '${output}', compression = 'none', linger_ms = 10) AS
SELECT transaction_id, ${scores[kind]} AS score FROM transactions WHERE ${scores[kind]} > ${LIMIT};`
}

/** By transaction: those that pass. Of the model as ONNX Runtime gives them, which is called with all rows at once. */
export async function expectedScores(
  kind: ScoreKind,
  records: number
): Promise<ReadonlyMap<number, number>> {
  const features = new Float32Array(records * 3)
  const amounts = new Map<number, number>()
  for (let n = 0; n < records; n++) {
    const { amount, merchant_id, user_id } = JSON.parse(
      Buffer.from(txn130(n)).toString()
    ) as Readonly<Record<string, number>>
    features.set([amount!, merchant_id! / 1000, user_id! / 1_000_000], n * 3)
    if (amount! / 1000 > LIMIT) amounts.set(n, amount! / 1000)
  }
  if (kind === 'quotients') return amounts
  const session = await InferenceSession.create(MODEL)
  const { y } = await session.run({ x: new Tensor('float32', features, [records, 3]) })
  const found = y!.data as Float32Array
  const passing = new Map<number, number>()
  for (let n = 0; n < records; n++) if (found[n]! > LIMIT) passing.set(n, found[n]!)
  return passing
}
