import type { Looked } from '../data/lookups.ts'
import { user, type User } from '../data/users.ts'
import type { LoadedKafka } from './loaded-kafka.ts'

interface Enriched extends Partial<User> {
  readonly transaction_id: number
  readonly amount: number
  readonly timestamp: number
}

/** Every output is there once, with what is known of its user; without the table with the user's id. */
export async function verifyLookups(
  kafka: LoadedKafka,
  topic: string,
  expected: ReadonlyMap<number, Looked>,
  withTable: boolean
): Promise<void> {
  const seen = new Set<number>()
  await kafka.visit(topic, (bytes, start, end) => {
    const value = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
    const found = JSON.parse(value) as Enriched
    const known = expected.get(found.transaction_id)
    const isRight =
      known !== undefined &&
      found.amount === known.amount &&
      found.timestamp === known.timestamp &&
      (withTable ? hasUser(found, known.id) : found.id === known.id)
    if (!isRight || seen.has(found.transaction_id))
      throw new Error(`${topic}: not expected, or twice: ${value}`)
    seen.add(found.transaction_id)
  })
  const missing = expected.size - seen.size
  if (missing > 0) throw new Error(`${topic}: ${missing} outputs are missing`)
}

function hasUser({ name, tier }: Partial<User>, id: number): boolean {
  const known = user(id)
  return name === known.name && tier === known.tier
}
