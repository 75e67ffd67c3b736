import { openFeed } from '../../runtime/dev/feed.ts'
import { makePace } from '../../runtime/dev/pace.ts'
import type { PipelineProcess } from '../../runtime/dev/pipeline-process.ts'
import type { SentRows } from '../../runtime/dev/sent-rows.ts'
import type { AlertLog } from './alert-log.ts'
import type { DemoOptions } from './options.ts'
import { makeTransactions } from './transactions.ts'

interface FeedTarget {
  readonly brokers: string
  readonly topic: string
  readonly pipeline: PipelineProcess
  readonly sent: SentRows
  readonly alerts: AlertLog
}

/** Feeds generated transactions at a steady rate, or as the pipeline keeps up; ends early when it ends or `stop` is aborted. */
export async function feedTransactions(
  { transactions, rate, seed }: DemoOptions,
  { brokers, topic, pipeline, sent, alerts }: FeedTarget,
  stop: AbortSignal
): Promise<void> {
  const feed = await openFeed(brokers)
  const pace = makePace(rate)
  for (const transaction of makeTransactions(transactions, seed)) {
    await pace.next()
    if (stop.aborted || pipeline.hasExited) break
    const value = Buffer.from(JSON.stringify(transaction))
    await sent.add(topic, value.length)
    const timestamp = Date.now()
    alerts.sent(transaction.transaction_id, timestamp)
    // No partition: they are spread over all.
    await feed.send(topic, value, { timestamp, partition: null })
  }
  await feed.close()
}
