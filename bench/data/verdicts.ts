import { txn130 } from './transactions.ts'

/** Whom a verdict pipeline belongs to. */
export interface VerdictTopics {
  readonly group: string
  readonly input: string
  readonly output: string
}

export type Delivery = 'at_least_once' | 'exactly_once'

/** Filter, CASE and projection: about half of the transactions, judged by their amount. */
export function verdictsScript(
  { group, input, output }: VerdictTopics,
  delivery: Delivery = 'at_least_once'
): string {
  return `SET delivery = '${delivery}';
CREATE SOURCE transactions FROM KAFKA (
    topic = '${input}',
    group_id = '${group}',
    auto_offset_reset = 'earliest'
)
SCHEMA (
    transaction_id BIGINT,
    user_id BIGINT,
    amount DOUBLE,
    merchant_id BIGINT,
    status TEXT,
    timestamp BIGINT
);
CREATE SINK verdicts TO KAFKA (topic = '${output}', compression = 'none', linger_ms = 10) AS
SELECT
    transaction_id,
    amount,
    CASE WHEN amount > 950 THEN 'BLOCK' WHEN amount > 900 THEN 'REVIEW' ELSE 'APPROVE' END AS verdict,
    timestamp
FROM transactions
WHERE amount > 500;
`
}

/**
 * The verdicts on the first `records` transactions, as id, amount, verdict and timestamp: the bench's own reckoning, from the
 * records' text.
 */
export function expectedVerdicts(records: number): ReadonlySet<string> {
  const decoder = new TextDecoder()
  const verdicts = new Set<string>()
  for (let n = 0; n < records; n++) {
    const verdict = expectedVerdict(decoder.decode(txn130(n)))
    if (verdict !== null) verdicts.add(verdict)
  }
  return verdicts
}

/** Null: it is dropped. */
function expectedVerdict(record: string): string | null {
  const [, id, amount, timestamp] =
    /^\{"transaction_id":(\d+),.*"amount":([\d.]+),.*"timestamp":(\d+)\}$/.exec(record)!
  const number = Number(amount)
  if (number <= 500) return null
  const verdict = number > 950 ? 'BLOCK' : number > 900 ? 'REVIEW' : 'APPROVE'
  return `${id} ${number} ${verdict} ${timestamp}`
}
