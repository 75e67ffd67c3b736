import type { Readable } from 'node:stream'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startEmbeddedBroker } from '../connect/embedded/index.ts'
import { stateTopics } from '../connect/state-topic.ts'
import type { PipelineDefinition } from '../contract/index.ts'
import { feedRows } from './feed-rows.ts'
import { type PipelineProcess, startPipelineProcess } from './pipeline-process.ts'
import { renderRecord } from './render-record.ts'
import { SentRows } from './sent-rows.ts'
import { openTail } from './tail.ts'
import { untilHandled } from './until-handled.ts'

export interface DevOptions {
  /** The bundle, with its native parts beside it. */
  readonly modulePath: string
  /** Ends when all rows have been handled; otherwise a signal does. */
  readonly once: boolean
  /** Rows per second; null: as fast as they go. */
  readonly rate: number | null
  /** Of metrics and SQL; null: any free one. */
  readonly port: number | null
}

/** Where records and notes go. */
export interface DevOutput {
  record(line: string): void
  note(text: string): void
}

/**
 * An embedded broker, the pipeline as a child, rows in ({"topic", "value"} per line of `rows`), and out what arrives in the
 * topics of the sinks and of the dead letters. The result is the pipeline's exit code.
 */
export async function runDev(
  { modulePath, once, rate, port }: DevOptions,
  rows: Readable,
  output: DevOutput
): Promise<number> {
  const module = (await import(pathToFileURL(modulePath).href)) as { pipeline: PipelineDefinition }
  const { pipeline } = module
  const topics = outputTopics(pipeline)
  const broker = await startEmbeddedBroker([
    ...pipeline.sources.map(source => source.topic),
    ...topics,
    // The broker makes a topic for whoever asks for it, but creates none.
    ...stateTopics(pipeline)
  ])
  const words = [
    ...[...broker.options, '--log-format', 'text', '--log-level', logLevel(pipeline)],
    // What it keeps belongs to this broker.
    ...['--state-dir', join(dirname(modulePath), 'state')],
    // Records are on the screen anyway: the dashboard may show them too.
    '--sample-records'
  ]
  const child = await startPipelineProcess(process.execPath, [modulePath, ...words], {
    environment: process.env,
    port,
    log: output.note
  })
  passSignals(child)
  const ended = new AbortController()
  const sent = new SentRows(child, pipeline.sources)
  const received = new Map<string, number>()
  const tail = await openTail(broker.brokers, topics, record => {
    received.set(record.topic, (received.get(record.topic) ?? 0) + 1)
    output.record(renderRecord(record))
  })
  const dashboard = new URL('/', child.metricsUrl).href
  output.note(`embedded broker at ${broker.brokers}, dashboard at ${dashboard}\n`)
  if (await child.ready()) {
    const feeding = feedRows(rows, {
      brokers: broker.brokers,
      rate,
      sent,
      tables: tableTopics(pipeline),
      ended: ended.signal
    })
    await Promise.race([feeding, child.exited])
    if (once) {
      await handleAll(pipeline, child, sent)
      child.signal('SIGTERM')
    } else if (!child.hasExited) output.note(`${countRows(sent.total)} sent; Ctrl-C ends it\n`)
  }
  const code = await child.exited
  ended.abort()
  rows.destroy()
  await tail.caughtUp()
  output.note(summary(sent.total, received))
  await tail.close()
  await broker.close()
  return code
}

/** All rows, and what waits for time that would only come with more of them. */
async function handleAll(
  pipeline: PipelineDefinition,
  child: PipelineProcess,
  sent: SentRows
): Promise<void> {
  const written = new Set(pipeline.sinks.map(({ topic }) => topic))
  // What the pipeline sends to itself comes when the others have told all.
  const own = pipeline.sources.filter(({ topic }) => written.has(topic))
  for (const ended of [pipeline.sources.filter(source => !own.includes(source)), own]) {
    await untilHandled(pipeline, child, sent)
    await child.endSources(ended.map(({ name }) => name))
  }
}

/** Of the sinks, and where dead letters may go. */
function outputTopics({ sources, sinks: all }: PipelineDefinition): string[] {
  const sinks = all.filter(({ connector }) => connector === 'kafka')
  const deadLetters = [...sources, ...sinks].flatMap(({ onError }) => onError.deadLetterTopic ?? [])
  return [...new Set([...sinks.map(sink => sink.topic), ...deadLetters])]
}

/** Of sources that are tables. */
function tableTopics({ sources }: PipelineDefinition): ReadonlySet<string> {
  return new Set(sources.flatMap(({ table, topic }) => (table === null ? [] : [topic])))
}

/** A dead letter is shown as a record; where the log is all that is left of one, it has to be seen. */
function logLevel({ sources, sinks }: PipelineDefinition): 'warn' | 'error' {
  return [...sources, ...sinks].some(({ onError }) => onError.action === 'log') ? 'warn' : 'error'
}

function passSignals(child: PipelineProcess): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => child.signal(name === 'SIGHUP' ? 'SIGTERM' : name))
  }
}

function summary(rows: number, received: ReadonlyMap<string, number>): string {
  const out = [...received].sort().map(([topic, count]) => `${count} to ${topic}`)
  return `${countRows(rows)} in, records out: ${out.join(', ') || 'none'}\n`
}

function countRows(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`
}
