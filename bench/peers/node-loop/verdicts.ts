// data/verdicts.ts: JSON.parse and JSON.stringify.
//
//     node bench/peers/node-loop/verdicts.ts <brokers> <input> <output> <group>
import { runLoop } from './loop.ts'

interface Transaction {
  readonly transaction_id: number
  readonly amount: number
  readonly timestamp: number
}

function judge(text: string): string | null {
  const { transaction_id, amount, timestamp } = JSON.parse(text) as Transaction
  if (!(amount > 500)) return null
  const verdict = amount > 950 ? 'BLOCK' : amount > 900 ? 'REVIEW' : 'APPROVE'
  return JSON.stringify({ transaction_id, amount, verdict, timestamp })
}

await runLoop(values => values.flatMap(value => judge(value) ?? []))
