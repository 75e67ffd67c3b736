import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { EMBEDDED_PARTITIONS, startEmbeddedBroker } from '../connect/embedded/index.ts'
import type { PipelineDefinition } from '../contract/index.ts'
import { freePort } from './free-port.ts'
import { openFeed } from './feed.ts'
import { openTail, type TailedRecord } from './tail.ts'
import { consumed, waitUntilReady } from './watch-pipeline.ts'

/**
 * `miraclec dev`: an embedded broker, the pipeline as a child, rows from stdin ({"topic", "value"} per line), records of the
 * sinks and of the dead-letter topics on stdout.
 */
async function runDev(modulePath: string, endWhenDone: boolean): Promise<number> {
  const module = (await import(pathToFileURL(modulePath).href)) as { pipeline: PipelineDefinition }
  const { sources, sinks } = module.pipeline
  const inputs = sources.map(source => source.topic)
  const outputs = [
    ...new Set([...sinks.map(sink => sink.topic), ...deadLetterTopics(module.pipeline)])
  ]
  const broker = await startEmbeddedBroker([...inputs, ...outputs])
  const port = await freePort()
  const child = startPipeline(modulePath, broker.brokers, port)
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const tail = await openTail(
    broker.brokers,
    outputs.map(name => ({ name, partitions: EMBEDDED_PARTITIONS })),
    record => process.stdout.write(renderRecord(record))
  )
  const ready = await Promise.race([waitUntilReady(port), exited.then(() => false)])
  if (ready) {
    process.stderr.write(`embedded broker at ${broker.brokers}, http://127.0.0.1:${port}\n`)
    const sent = await feedRows(broker.brokers)
    if (endWhenDone) {
      await waitUntilConsumed(port, sent)
      child.kill('SIGTERM')
    }
  }
  const code = await exited
  // What the pipeline flushed last is still on its way to the tail.
  await sleep(300)
  await tail.close()
  await broker.close()
  return code ?? 0
}

function deadLetterTopics({ sources, sinks }: PipelineDefinition): string[] {
  return [...sources, ...sinks].flatMap(({ onError }) => onError.deadLetterTopic ?? [])
}

function startPipeline(modulePath: string, brokers: string, port: number): ChildProcess {
  const words = ['--brokers', brokers, '--port', String(port), '--log-format', 'text']
  const child = spawn(process.execPath, [modulePath, ...words], {
    stdio: ['ignore', 'inherit', 'inherit']
  })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  return child
}

/** Feeds stdin's rows; the result is how many there were. */
async function feedRows(brokers: string): Promise<number> {
  const feed = await openFeed(brokers)
  let sent = 0
  for await (const line of createInterface({ input: process.stdin })) {
    const { topic, value } = JSON.parse(line) as { topic: string; value: string }
    await feed.send(topic, Buffer.from(value), null, Date.now())
    sent++
  }
  await feed.close()
  return sent
}

async function waitUntilConsumed(port: number, sent: number): Promise<void> {
  while ((await consumed(port)) < sent) await sleep(50)
}

function renderRecord({ topic, key, value, headers }: TailedRecord): string {
  const why = headers.filter(([name]) => name.startsWith('miracledb.error.'))
  const notes = why.map(([name, text]) => `${name.slice('miracledb.error.'.length)}=${text}`)
  const head = key === null ? topic : `${topic} [${key}]`
  const tail = notes.length === 0 ? '' : `  (${notes.join(' ')})`
  return `${head}  ${printable(value ?? 'null')}${printable(tail)}\n`
}

/** Records are hostile input to the terminal. */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

const [modulePath, flag] = process.argv.slice(2)
process.exitCode = await runDev(modulePath!, flag === '--once')
