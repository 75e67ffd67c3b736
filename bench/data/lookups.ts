import type { Delivery } from './verdicts.ts'
import { txn130 } from './transactions.ts'
import { USERS } from './users.ts'

const COLUMNS = `transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT`

function from(delivery: Delivery, input: string, group: string): string {
  return `SET delivery = '${delivery}';
CREATE SOURCE events FROM KAFKA (topic = '${input}', group_id = '${group}', auto_offset_reset = 'earliest') SCHEMA (${COLUMNS});`
}

function to(output: string): string {
  return `CREATE SINK enriched TO KAFKA (topic = '${output}', compression = 'none', linger_ms = 10) AS`
}

/** Half of the transactions, each with its user's name and tier. */
export function lookupsScript(
  delivery: Delivery,
  input: string,
  output: string,
  users: string
): string {
  return `${from(delivery, input, output)}
CREATE SOURCE users FROM KAFKA (topic = '${users}', group_id = '${output}-users', format = 'upsert') SCHEMA (id BIGINT, name TEXT, tier TEXT, PRIMARY KEY (id));
${to(output)} SELECT e.transaction_id, e.amount, u.name, u.tier, e.timestamp
FROM events e JOIN users u ON e.user_id % ${USERS} = u.id WHERE e.amount > 500;`
}

/** As many columns of as many rows, without the table. */
export function remaindersScript(delivery: Delivery, input: string, output: string): string {
  return `${from(delivery, input, output)}
${to(output)} SELECT e.transaction_id, e.amount, e.user_id % ${USERS} AS id, e.status, e.timestamp FROM events e WHERE e.amount > 500;`
}

/** What is told of a transaction, but for its user. */
export interface Looked {
  /** Of its user. */
  readonly id: number
  readonly amount: number
  readonly timestamp: number
}

/** Of those that are told, by `transaction_id`: the bench's own reckoning. */
export function expectedLookups(records: number): ReadonlyMap<number, Looked> {
  const decoder = new TextDecoder()
  const found = new Map<number, Looked>()
  for (let n = 0; n < records; n++) {
    const { transaction_id, user_id, amount, timestamp } = JSON.parse(
      decoder.decode(txn130(n))
    ) as Readonly<Record<string, number>>
    if (amount! > 500)
      found.set(transaction_id!, { id: user_id! % USERS, amount: amount!, timestamp: timestamp! })
  }
  return found
}
