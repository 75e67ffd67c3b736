// data/scores.ts: JSON.parse, one call of the model for each batch of up to 10,000 records, JSON.stringify.
//
//     node bench/peers/node-loop/scores.ts <brokers> <input> <output> <group> <model>
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { runLoop } from './loop.ts'

const LIMIT = 0.5
const FEATURES = 3

interface Transaction {
  readonly transaction_id: number
  readonly amount: number
  readonly merchant_id: number
  readonly user_id: number
}

const session = await InferenceSession.create(process.argv[6]!)

async function score(values: readonly string[]): Promise<readonly string[]> {
  if (values.length === 0) return []
  const features = new Float32Array(values.length * FEATURES)
  const ids = values.map((value, i) => {
    const { transaction_id, amount, merchant_id, user_id } = JSON.parse(value) as Transaction
    features[i * FEATURES] = amount
    features[i * FEATURES + 1] = merchant_id / 1000
    features[i * FEATURES + 2] = user_id / 1_000_000
    return transaction_id
  })
  const { y } = await session.run({ x: new Tensor('float32', features, [ids.length, FEATURES]) })
  const scores = y!.data as Float32Array
  return ids.flatMap((transaction_id, i) => {
    const score = scores[i]!
    return score > LIMIT ? [JSON.stringify({ transaction_id, score })] : []
  })
}

await runLoop(score)
