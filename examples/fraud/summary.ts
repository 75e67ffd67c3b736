import { thousands } from './screen.ts'

/** What a run came to: fed by us, counted by the pipeline, read back by us. */
export interface Totals {
  readonly fed: number
  readonly consumed: number
  readonly produced: number
  readonly received: number
  readonly repeated: number
  readonly block: number
  readonly review: number
  /** From the first transaction to the last one consumed, in seconds. */
  readonly seconds: number
  /** What the feed was told to do, in transactions per second. */
  readonly feedRate: number
  readonly p50: number
  readonly p99: number
  readonly metricsUrl: string
}

export function renderSummary(totals: Totals): string {
  const { consumed, received, block, review, seconds, feedRate, p50, p99, metricsUrl } = totals
  const rate = consumed / seconds
  const rows: readonly (readonly [name: string, value: string, meaning: string])[] = [
    ['in', thousands(consumed), 'transactions consumed'],
    ['out', thousands(received), 'alerts read from fraud-alerts'],
    ['', thousands(block), 'BLOCK'],
    ['', thousands(review), 'REVIEW'],
    [
      'speed',
      thousands(rate),
      `messages/s over ${seconds.toFixed(1)} s, with a feed of at most ${thousands(feedRate)}/s`
    ],
    ['latency', `${p50} ms`, "p50, from a transaction's time stamp to the arrival of its alert"],
    [
      '',
      `${p99} ms`,
      "p99 (the sink's linger_ms, 100 unless a script says otherwise, is part of it)"
    ],
    ['metrics', '', `${metricsUrl} while it ran`]
  ]
  return rows
    .map(([name, value, meaning]) => `  ${name.padEnd(9)}${value.padStart(9)}  ${meaning}`)
    .join('\n')
}

/** One sentence for the first thing that does not add up; null: everything does. */
export function findMismatch(totals: Totals): string | null {
  const { fed, consumed, produced, received, repeated, block, review } = totals
  if (consumed !== fed)
    return `${thousands(fed)} transactions were fed, but the pipeline counts ${thousands(consumed)}`
  if (received !== produced)
    return `the pipeline counts ${thousands(produced)} alerts, but fraud-alerts holds ${thousands(received)}`
  if (repeated > 0) return `${thousands(repeated)} alerts came twice`
  if (block + review !== received) return 'an alert is neither BLOCK nor REVIEW'
  return null
}
