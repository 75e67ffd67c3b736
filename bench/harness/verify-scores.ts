import type { LoadedKafka } from './loaded-kafka.ts'

/** Scores are 32 bits wide, and their last digits depend on how many rows a model gets at once. */
const TOLERANCE = 1e-5

/** Each that passes is there once, with its score. */
export async function verifyScores(
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
