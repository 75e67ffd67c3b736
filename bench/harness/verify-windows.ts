import { closedWindows, type WindowSums } from '../data/windows.ts'
import type { LoadedKafka } from './loaded-kafka.ts'

interface Window {
  readonly minute: number
  readonly merchant_id: number
  readonly user_id: number
  readonly count: number
  readonly total: number
}

/** Each window that has closed is there once, with the count and sum that the bench reckons; none of the others is. */
export async function verifyWindows(
  kafka: LoadedKafka,
  topic: string,
  windows: WindowSums,
  /** Whether what has closed has been told: Kafka Streams tells it when more comes. */
  isWhole = true
): Promise<void> {
  const left = new Set(closedWindows(windows))
  for (const value of await kafka.values(topic)) {
    const { minute, count, total, ...keys } = JSON.parse(value) as Window
    const key = `${minute} ${keys[windows.by]}`
    const sum = windows.sums.get(key)
    const isRight = sum?.count === count && Math.abs(sum.cents - total * 100) < 0.01
    if (!isRight || !left.delete(key)) throw new Error(`${topic}: not expected, or twice: ${value}`)
  }
  if (isWhole && left.size > 0) throw new Error(`${topic}: ${left.size} windows are missing`)
}
