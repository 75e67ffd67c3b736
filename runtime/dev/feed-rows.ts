import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { openFeed } from './feed.ts'
import { makePace } from './pace.ts'
import type { SentRows } from './sent-rows.ts'

/** All rows of a topic go to one partition: they come out in the order of the file. */
const PARTITION = 0

export interface FeedOptions {
  readonly brokers: string
  /** Rows per second; null: as fast as they come. */
  readonly rate: number | null
  readonly sent: SentRows
  /** Topics that are tables. */
  readonly tables: ReadonlySet<string>
  /** Nobody reads them any more. */
  readonly ended: AbortSignal
}

/** Sends the rows of a stream, {"topic", "value"} per line. An event finds the rows of tables that were before it. */
export async function feedRows(
  rows: Readable,
  { brokers, rate, sent, tables, ended }: FeedOptions
): Promise<void> {
  const feed = await openFeed(brokers)
  const pace = makePace(rate)
  let isTable = false
  for await (const line of createInterface({ input: rows, signal: ended })) {
    await pace.next(ended)
    // Lines that have been read come all the same.
    if (ended.aborted) break
    const { topic, value } = JSON.parse(line) as { readonly topic: string; readonly value: string }
    const bytes = Buffer.from(value)
    if (isTable && !tables.has(topic)) await sent.allConsumed()
    isTable = tables.has(topic)
    await sent.add(topic, bytes.length)
    await feed.send(topic, bytes, { timestamp: Date.now(), partition: PARTITION })
  }
  await feed.close()
}
