import { txn130 } from './transactions.ts'
import type { Delivery } from './verdicts.ts'

/** What windows are by: 1,000 merchants, or a million users. */
export type WindowKey = 'merchant_id' | 'user_id'

/** A minute by a key, with five aggregates. */
export function windowsScript(
  delivery: Delivery,
  name: string,
  by: WindowKey,
  topic: string
): string {
  return `SET delivery = '${delivery}';
CREATE SOURCE transactions FROM KAFKA (topic = '${topic}', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT,
          WATERMARK FOR timestamp AS timestamp - INTERVAL '30' SECOND);
CREATE SINK ${name} TO KAFKA (topic = '${name}') AS
SELECT time_bucket('1 minute', timestamp) AS minute, ${by}, COUNT(*) AS count, SUM(amount) AS total, AVG(amount) AS mean,
       MIN(amount) AS least, MAX(amount) AS most
FROM transactions GROUP BY minute, ${by};`
}

export const MINUTE = 60_000
/** How far behind the latest record a window is complete, in ms. */
export const DELAY = 30_000

/** What the windows of the first so many transactions hold, by minute and key: the bench's own reckoning. */
export interface WindowSums {
  readonly by: WindowKey
  readonly sums: ReadonlyMap<string, { readonly count: number; readonly cents: number }>
  /** The time of the last record. */
  readonly latest: number
}

export function sumWindows(records: number, by: WindowKey): WindowSums {
  const decoder = new TextDecoder()
  const sums = new Map<string, { count: number; cents: number }>()
  let latest = 0
  for (let n = 0; n < records; n++) {
    const { amount, timestamp, ...keys } = JSON.parse(decoder.decode(txn130(n))) as {
      readonly merchant_id: number
      readonly user_id: number
      readonly amount: number
      readonly timestamp: number
    }
    const key = `${Math.floor(timestamp / MINUTE) * MINUTE} ${keys[by]}`
    const sum = sums.get(key) ?? { count: 0, cents: 0 }
    sum.count++
    sum.cents += Math.round(amount * 100)
    sums.set(key, sum)
    latest = timestamp
  }
  return { by, sums, latest }
}

/** How many windows are open at once, at most: those that a record can still come into. */
export function openWindows({ sums }: WindowSums, delay: number): number {
  const counts = new Map<number, number>()
  for (const key of sums.keys()) {
    const minute = Number(key.split(' ')[0])
    counts.set(minute, (counts.get(minute) ?? 0) + 1)
  }
  // Just before a window closes; of the last minute a part has come.
  const openAt = (first: number): number => {
    const closes = first + MINUTE + delay
    return [...counts].reduce((sum, [minute, count]) => {
      const share = Math.min(1, Math.max(0, (closes - minute) / MINUTE))
      return minute < first ? sum : sum + count * share
    }, 0)
  }
  return Math.max(...[...counts.keys()].map(openAt))
}

/** Those windows that are complete when nothing comes any more. */
export function closedWindows({ sums, latest }: WindowSums, delay = DELAY): readonly string[] {
  // Partitions end within some milliseconds of each other.
  const closed = latest - delay - 10
  return [...sums.keys()].filter(key => Number(key.split(' ')[0]) + MINUTE <= closed)
}
