interface Transaction {
  readonly transaction_id: number
  readonly amount: number
  readonly timestamp: number
}

/** The verdict of data/verdicts.ts by JSON.parse and JSON.stringify; null: it does not pass. */
export function judge(text: string): string | null {
  const { transaction_id, amount, timestamp } = JSON.parse(text) as Transaction
  if (!(amount > 500)) return null
  const verdict = amount > 950 ? 'BLOCK' : amount > 900 ? 'REVIEW' : 'APPROVE'
  return JSON.stringify({ transaction_id, amount, verdict, timestamp })
}
