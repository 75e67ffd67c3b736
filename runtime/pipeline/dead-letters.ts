import { type HeaderName, headerName, LetterWriter } from '../connect/produce/letter-writer.ts'
import { type HeaderBlock, headerBlock } from '../connect/produce/record-headers.ts'
import type {
  Batch,
  Connector,
  DeadLetterConnection,
  PipelineDefinition,
  RecordError,
  RefusedRecord,
  SinkDefinition,
  SourceConnection,
  SourceDefinition
} from '../contract/index.ts'

const PREFIX = 'miracledb.error.'
const MESSAGE = nameOf('message')
const PARTITION = nameOf('partition')
const OFFSET = nameOf('offset')
const TIMESTAMP = nameOf('timestamp')

/** The letters for one topic, and how it is found. */
interface Letterbox {
  readonly topic: string
  readonly brokers: string
  readonly writer: LetterWriter
  /** How many partitions the topic gets if it must be created; null: it is there. */
  partitions: (() => Promise<number>) | null
}

type Origin = SourceDefinition | SinkDefinition

interface Described {
  readonly origin: Origin
  readonly error: RecordError
  readonly headers: HeaderBlock
}

/**
 * Records for the dead-letter topics: taken while a batch runs, sent after it. Each has its raw key, value and headers, and
 * headers `miracledb.error.*` that say where it came from and what was wrong.
 */
export class DeadLetters {
  readonly #definition: PipelineDefinition
  readonly #connector: Connector
  readonly #connections = new Map<string, Promise<DeadLetterConnection>>()
  /** Records by topic, those of this process. */
  readonly #sent: Map<string, number>
  readonly #boxes: Letterbox[] = []
  /** Where every record is bad, most differ from the one before in their places and messages only. */
  #last: Described | null = null

  constructor(definition: PipelineDefinition, connector: Connector, sent: Map<string, number>) {
    this.#definition = definition
    this.#connector = connector
    this.#sent = sent
  }

  /** Takes a record of a source, whose bytes may be gone after the batch. */
  addRecord(
    source: SourceDefinition,
    topic: string,
    batch: Batch,
    record: number,
    error: RecordError,
    connection: SourceConnection | null
  ): void {
    const writer = this.#writer(source, topic, connection)
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = batch
    const { value } = error
    const [start, end] = [valueStart[record]!, valueEnd[record]!]
    writer.begin(bytes, keyStart[record]!, keyEnd[record]!, start, end, value)
    const own = batch.headers(record)
    if (own.length > 0) writer.block(headerBlock(own))
    this.#writeError(writer, source, error)
    writer.number(PARTITION, batch.partition[record]!)
    writer.number(OFFSET, batch.offset[record]!)
    writer.time(TIMESTAMP, batch.timestamp[record]!)
    writer.end()
  }

  /** Takes a row of a table or a group, as JSON: it has no place in a topic. */
  addRow(
    source: SourceDefinition,
    topic: string,
    row: Uint8Array,
    error: RecordError,
    connection: SourceConnection | null
  ): void {
    const writer = this.#writer(source, topic, connection)
    writer.begin(row, -1, -1, 0, row.length)
    this.#writeError(writer, source, error)
    writer.end()
  }

  /** Takes an output record that a sink's broker refused. */
  addRefused(sink: SinkDefinition, topic: string, record: RefusedRecord): void {
    const { key, value, headers, code, message, from, attempt } = record
    const writer = this.#writer(sink, topic, null)
    const [keyBytes, valueBytes] = [key ?? NOTHING, value ?? NOTHING]
    const keyEnd = keyBytes.length
    const end = keyEnd + valueBytes.length
    const bytes = Buffer.concat([keyBytes, valueBytes])
    writer.begin(bytes, key === null ? -1 : 0, keyEnd, value === null ? -1 : keyEnd, end)
    if (headers.length > 0) writer.block(headerBlock(headers))
    this.#writeError(writer, sink, { code, message, column: null, site: -1, attempt })
    if (from !== null) {
      writer.number(PARTITION, from.partition)
      writer.number(OFFSET, from.offset)
    }
    writer.end()
  }

  #writer(origin: Origin, topic: string, connection: SourceConnection | null): LetterWriter {
    const { brokers } = origin
    for (const box of this.#boxes)
      if (box.topic === topic && box.brokers === brokers) return box.writer
    const writer = new LetterWriter()
    const partitions = async (): Promise<number> => (await connection?.partitions()) ?? 1
    this.#boxes.push({ topic, brokers, writer, partitions })
    return writer
  }

  #writeError(writer: LetterWriter, origin: Origin, error: RecordError): void {
    if (!isLike(this.#last, origin, error)) {
      this.#last = { origin, error, headers: this.#describe(origin, error) }
    }
    writer.block(this.#last!.headers)
    if (error.messageBytes !== undefined) writer.encoded(MESSAGE, error.messageBytes)
    else writer.text(MESSAGE, error.message)
  }

  #describe(origin: Origin, { site, code, column, attempt = 1 }: RecordError): HeaderBlock {
    const { name, version, sites } = this.#definition
    const place = sites[site] ?? null
    const fields: Record<string, string | null> = {
      ['groupId' in origin ? 'source' : 'sink']: origin.name,
      topic: origin.topic,
      statement: place?.statement ?? null,
      position: place === null ? null : `${place.line}:${place.column}`,
      column,
      code,
      attempt: String(attempt),
      pipeline: name,
      version
    }
    return headerBlock(
      Object.entries(fields).flatMap(([field, value]) =>
        value === null ? [] : [{ key: PREFIX + field, value: Buffer.from(value) }]
      )
    )
  }

  /** Sends what waits; topics are created when first needed. False: nothing waits. Rejects if one can't be. */
  async send(): Promise<boolean> {
    const waiting = this.#boxes.filter(({ writer }) => writer.count > 0)
    for (const box of waiting) {
      const { topic, brokers, writer } = box
      const connection = await this.#connect(brokers)
      if (box.partitions !== null) await connection.prepare(topic, await box.partitions())
      box.partitions = null
      await connection.send(topic, writer.take())
      this.#sent.set(topic, (this.#sent.get(topic) ?? 0) + writer.count)
      writer.clear()
    }
    return waiting.length > 0
  }

  /** Forgets what waits: the records that it is of come again. */
  discard(): void {
    for (const { writer } of this.#boxes) writer.clear()
  }

  #connect(brokers: string): Promise<DeadLetterConnection> {
    const known = this.#connections.get(brokers)
    if (known !== undefined) return known
    const opening = this.#connector.openDeadLetters(brokers)
    this.#connections.set(brokers, opening)
    return opening
  }

  async flush(): Promise<void> {
    await this.send()
    for (const { writer } of this.#boxes) writer.rest()
    for (const connection of this.#connections.values()) await (await connection).flush()
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.values()) await (await connection).close()
  }
}

const NOTHING = new Uint8Array(0)

/** Whether all but the message is the same. */
function isLike(last: Described | null, origin: Origin, error: RecordError): boolean {
  return (
    last !== null &&
    last.origin === origin &&
    last.error.code === error.code &&
    last.error.site === error.site &&
    last.error.column === error.column &&
    (last.error.attempt ?? 1) === (error.attempt ?? 1)
  )
}

function nameOf(field: string): HeaderName {
  return headerName(PREFIX + field)
}
