import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedBroker } from '../../runtime/connect/embedded/index.ts'
import { type PipelineProcess, startPipelineProcess } from '../../runtime/dev/pipeline-process.ts'
import { SentRows } from '../../runtime/dev/sent-rows.ts'
import { openTail } from '../../runtime/dev/tail.ts'
import { AlertLog } from './alert-log.ts'
import { feedTransactions } from './feed-transactions.ts'
import type { DemoOptions } from './options.ts'
import { type Screen, thousands } from './screen.ts'
import { showProgress } from './show-progress.ts'
import { findMismatch, renderSummary } from './summary.ts'

/** As fraud.sql has them. */
const source = { name: 'transactions_stream', topic: 'transactions' }
const sink = { name: 'fraud_alerts', topic: 'fraud-alerts' }
/** 128 and SIGINT's number, as shells have it. */
const INTERRUPTED = 130

/** Runs the executable until all transactions went through it, shows what comes out, and checks that the numbers agree. */
export async function runDemo(
  executable: string,
  options: DemoOptions,
  screen: Screen
): Promise<number> {
  const broker = await startEmbeddedBroker([source.topic, sink.topic])
  const words = [...broker.options, '--log-format', 'text', '--log-level', 'warn']
  const pipeline = await startPipelineProcess(executable, words, {
    // As `env -i` does: it needs nothing of ours.
    environment: {},
    port: null,
    log: text => screen.line(text.trimEnd())
  })
  screen.line(`\nbroker    ${broker.brokers}, embedded in this process`)
  screen.line(`pipeline  env -i ${pipeline.command}`)
  screen.line(`metrics   ${pipeline.metricsUrl}\n`)
  try {
    return await watchPipeline(pipeline, broker.brokers, options, screen)
  } finally {
    await broker.close()
  }
}

async function watchPipeline(
  pipeline: PipelineProcess,
  brokers: string,
  options: DemoOptions,
  screen: Screen
): Promise<number> {
  const stop = stopOnSignal(pipeline)
  const alerts = new AlertLog(options.transactions)
  const sent = new SentRows(pipeline, [source])
  const tail = await openTail(brokers, [sink.topic], record =>
    screen.alert(alerts.received(record))
  )
  if (!(await Promise.race([pipeline.ready(), once(stop, 'abort').then(() => false)]))) {
    pipeline.signal('SIGTERM')
    const code = await pipeline.exited
    await tail.close()
    return stop.aborted ? INTERRUPTED : reportEnd(code)
  }
  const { transactions, rate } = options
  screen.line(
    `${thousands(transactions)} generated transactions, ${thousands(rate)} a second. Some of the alerts:\n`
  )
  screen.alertHeader()
  const start = performance.now()
  const progress = showProgress(pipeline, sent, alerts, screen)
  const target = { brokers, topic: source.topic, pipeline, sent, alerts }
  await feedTransactions(options, target, stop)
  const metrics = await untilConsumed(pipeline, sent)
  const seconds = (performance.now() - start) / 1000
  await progress.end()
  pipeline.signal('SIGTERM')
  const code = await pipeline.exited
  // Its drain is over: nothing comes after what the topic holds now.
  await tail.caughtUp()
  await tail.close()
  if (metrics === null || code !== 0) return reportEnd(code)
  const totals = {
    fed: sent.total,
    consumed: metrics.sources[source.name]!.messages_consumed,
    produced: metrics.sinks[sink.name]!.messages_produced,
    ...alerts.totals(),
    seconds,
    feedRate: rate,
    metricsUrl: pipeline.metricsUrl
  }
  screen.line(`\n${renderSummary(totals)}`)
  const mismatch = findMismatch(totals)
  if (mismatch !== null) process.stderr.write(`demo: ${mismatch}\n`)
  return mismatch === null ? 0 : 1
}

function reportEnd(code: number): number {
  process.stderr.write(`demo: the pipeline ended too early, with exit code ${code}\n`)
  return 1
}

/** The first Ctrl-C ends the feed, and then everything as usual; the second ends the pipeline and us at once. */
function stopOnSignal(pipeline: PipelineProcess): AbortSignal {
  const controller = new AbortController()
  const take = (): void => {
    if (controller.signal.aborted) {
      pipeline.signal('SIGKILL')
      process.exit(INTERRUPTED)
    }
    controller.abort()
  }
  process.on('SIGINT', take).on('SIGTERM', take).on('SIGHUP', take)
  return controller.signal
}

/** Null: the pipeline does not answer any more. */
async function untilConsumed(pipeline: PipelineProcess, sent: SentRows) {
  for (;;) {
    const metrics = await pipeline.metrics()
    if (metrics === null || sent.behind(metrics) === 0) return metrics
    await sleep(10)
  }
}
