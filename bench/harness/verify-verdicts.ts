import type { LoadedKafka } from './loaded-kafka.ts'

interface Verdict {
  readonly transaction_id: number
  readonly amount: number
  readonly verdict: string
  readonly timestamp: number
}

/** Fast and wrong is worth nothing: every output is there once, and right. */
export async function verifyVerdicts(
  kafka: LoadedKafka,
  topic: string,
  expected: ReadonlySet<string>
): Promise<void> {
  const found = new Set<string>()
  await kafka.visit(topic, (bytes, start, end) => {
    const value = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
    const { transaction_id, amount, verdict, timestamp } = JSON.parse(value) as Verdict
    const text = `${transaction_id} ${amount} ${verdict} ${timestamp}`
    if (!expected.has(text)) throw new Error(`${topic}: not expected: ${value}`)
    if (found.has(text)) throw new Error(`${topic}: twice: ${value}`)
    found.add(text)
  })
  const missing = expected.size - found.size
  if (missing > 0) throw new Error(`${topic}: ${missing} verdicts are missing`)
}
