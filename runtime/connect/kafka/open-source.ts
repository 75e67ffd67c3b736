import type { SourceDefinition, SourceListener } from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { type ClientConfig, errorCode, errorText, securityOf } from './client-config.ts'
import { clientConfig } from './make-client-config.ts'
import { ClientReader } from './client-reader.ts'
import { connectClient } from './connect-client.ts'
import { FetchReader, fetchSettings } from './fetch-reader.ts'
import { ReadRecords } from './read-records.ts'
import type { ReaderListener, RecordReader } from './record-reader.ts'
import {
  type Assignment,
  type Consumer,
  isGrouped,
  KafkaSource,
  type Rebalance,
  type SourceParts
} from './source.ts'
import { needsOf } from './source-troubles.ts'
import { openIdentifier } from './topic-identity.ts'
import { TopicPlaces } from './topic-places.ts'
import { failureText, watchConnection } from './watch-connection.ts'

/** `instance`: a fixed member of its group: a second process with it takes its place instead of sharing the work; null: any. */
export async function openKafkaSource(
  source: SourceDefinition,
  properties: Readonly<Record<string, string>>,
  listener: SourceListener,
  log: Logger,
  instance: string | null
): Promise<KafkaSource> {
  const native = await loadKafkaNative()
  const { KafkaConsumer } = native
  const { 'auto.offset.reset': wanted = source.autoOffsetReset, ...given } = properties
  const reset = source.isCopied === true ? 'earliest' : wanted
  const fetch = properties[FETCH_PROPERTY] ?? null
  const { 'group.protocol': _, ...ungrouped } = given
  // Partitions that no group gives need none.
  const rest = isGrouped(source) ? given : ungrouped
  const config = clientConfig(source.brokers, rest, {
    'group.id': source.groupId,
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    // What is fetched ahead is memory: enough for the fastest pipeline to never wait, far below the 64 MB default.
    'queued.max.messages.kbytes': 16_384,
    // Per partition; librdkafka keeps some 450 bytes beside each record, and its default is ten times as many.
    'queued.min.messages': 10_000,
    'fetch.queue.backoff.ms': 10,
    'fetch.wait.max.ms': 100,
    // Whoever reads must not see what a transaction took back; CONFIG may say otherwise.
    'isolation.level': 'read_committed',
    'statistics.interval.ms': 1000,
    // A new partition waits so long for its first reader: ten times shorter than the default.
    'topic.metadata.refresh.interval.ms': 30_000,
    // After a crash the group waits so long before others, or the restarted process, get the partitions. In the newer
    // protocol the brokers decide.
    ...(rest['group.protocol'] === 'consumer' ? {} : { 'session.timeout.ms': 10_000 }),
    ...(instance === null ? {} : { 'group.instance.id': instance })
  })
  const rebalances: Rebalance[] = []
  const consumer = new KafkaConsumer(
    {
      ...config,
      rebalance_cb: (error: unknown, assignment: Assignment) => {
        rebalances.push({ code: errorCode(error), assignment })
        connection?.wake()
      }
    },
    // Where partitions begin is said when they come; an offset that is not there later must not be left out silently.
    { 'auto.offset.reset': 'error' } as object
  ) as Consumer
  let connection: KafkaSource | null = null
  let reader: RecordReader | null = null
  const readRecords =
    source.exchange === undefined || source.partition === undefined
      ? null
      : new ReadRecords(native, securityOf(config), log)
  const missing = listener.missing.bind(listener)
  const places = new TopicPlaces({
    ...{ consumer, source, reset, missing },
    identify: () => reader!.identify(),
    ends: (partitions, end) => reader!.ends(partitions, end)
  })
  const refreshInterval = Number(config['topic.metadata.refresh.interval.ms'])
  const made = { consumer, source, places, listener, log, rebalances, readRecords, refreshInterval }
  connection = new KafkaSource(made)
  const parts = { native, consumer, source, listener, log, config, fetch }
  // Both connect at the same time. Why nobody answers is said by the client, and then there is no reader either.
  const early = openFetching(connection, parts).catch(() => null)
  try {
    await connectClient(consumer, source.brokers)
  } catch (error) {
    void early.then(opened => opened?.close())
    throw error
  }
  const { connected } = listener
  const outage = watchConnection(
    consumer,
    `source "${source.name}"`,
    log,
    needsOf(source),
    connected,
    statistics => reader?.learn(statistics)
  )
  reader = (await early) ?? (await openReader(connection, parts))
  connection.readWith(reader, outage)
  consumer.on('event.error', error => connection?.heard(error))
  // A poll tells of what is fatal, but for one that has records already: the log always does.
  consumer.on('event.log', ({ fac, message }) => {
    if (fac === 'FATAL') connection?.heard({ message: failureText(message) })
  })
  return connection
}

interface ReaderParts extends Pick<SourceParts, 'consumer' | 'source' | 'listener' | 'log'> {
  readonly native: KafkaNative
  readonly config: ClientConfig
  /** Null: as the brokers and the settings allow. */
  readonly fetch: string | null
}

/** Through connections of our own; null: those can't do what the settings want. Rejects where no broker speaks the protocol as we do. */
async function openFetching(
  source: ReaderListener,
  { consumer, source: definition, listener, config, fetch }: ReaderParts
): Promise<RecordReader | null> {
  const settings = fetch === 'librdkafka' ? fetch : fetchSettings(definition, config)
  if (typeof settings === 'string') return null
  const rejected = listener.rejected.bind(listener)
  return FetchReader.open({ consumer, source: definition, settings }, source, rejected)
}

/** As `openFetching`, else through librdkafka. */
async function openReader(source: ReaderListener, parts: ReaderParts): Promise<RecordReader> {
  const { native, consumer, source: definition, listener, log, config } = parts
  try {
    const reader = await openFetching(source, parts)
    if (reader !== null) return reader
  } catch (error) {
    const reason = errorText(error)
    log.log('info', `source "${definition.name}" is fetched by librdkafka`, { reason })
  }
  const identifier = openIdentifier(native, consumer, definition.topic, config)
  const rejected = listener.rejected.bind(listener)
  return new ClientReader(consumer, identifier, definition, source, rejected)
}

/** The property that says who fetches; absent: we do, where we can. */
export const FETCH_PROPERTY = 'miraclec.fetch'
