import type {
  Batch,
  Connector,
  DeadLetterConnection,
  PipelineDefinition,
  RecordError,
  RecordHeader,
  RefusedRecord,
  SinkDefinition,
  SourceConnection,
  SourceDefinition
} from '../contract/index.ts'

interface DeadLetter {
  readonly topic: string
  /** How many partitions the topic gets if it must be created. */
  readonly partitions: () => Promise<number>
  readonly brokers: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

/**
 * Records for the dead-letter topics: taken while a batch runs, sent after it. Each has its raw key, value and headers, and
 * headers `miracledb.error.*` that say where it came from and what was wrong.
 */
export class DeadLetters {
  readonly #definition: PipelineDefinition
  readonly #connector: Connector
  readonly #connections = new Map<string, Promise<DeadLetterConnection>>()
  readonly #prepared = new Set<string>()
  /** Records by topic, those of this process. */
  readonly #sent: Map<string, number>
  #waiting: DeadLetter[] = []

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
    const from = { partition: batch.partition[record]!, offset: batch.offset[record]! }
    this.#waiting.push({
      topic,
      brokers: source.brokers,
      partitions: async () => (await connection?.partitions()) ?? 1,
      key: copy(batch.bytes, batch.keyStart[record]!, batch.keyEnd[record]!),
      value: copy(batch.bytes, batch.valueStart[record]!, batch.valueEnd[record]!),
      headers: [
        ...batch.headers(record),
        ...this.#provenance({ ...error, ...from, topic: source.topic, attempt: 1 }),
        header('timestamp', new Date(batch.timestamp[record]!).toISOString())
      ]
    })
  }

  /** Takes a row of a table or a group, as JSON: it has no place in a topic. */
  addRow(
    source: SourceDefinition,
    topic: string,
    row: Uint8Array,
    error: RecordError,
    connection: SourceConnection | null
  ): void {
    this.#waiting.push({
      topic,
      brokers: source.brokers,
      partitions: async () => (await connection?.partitions()) ?? 1,
      key: null,
      value: row,
      headers: this.#provenance({
        ...error,
        topic: source.topic,
        partition: null,
        offset: null,
        attempt: 1
      })
    })
  }

  /** Takes an output record that a sink's broker refused. */
  addRefused(sink: SinkDefinition, topic: string, record: RefusedRecord): void {
    const { key, value, code, message, from } = record
    const error = { code, message, column: null, site: -1 }
    this.#waiting.push({
      topic,
      brokers: sink.brokers,
      partitions: async () => 1,
      key,
      value,
      headers: this.#provenance({
        ...error,
        topic: sink.topic,
        partition: from?.partition ?? null,
        offset: from?.offset ?? null,
        attempt: sink.onError.maxRetries + 1
      })
    })
  }

  #provenance(error: Provenance): RecordHeader[] {
    const { name, version, sites } = this.#definition
    const site = sites[error.site] ?? null
    const fields: Record<string, string | number | null> = {
      topic: error.topic,
      partition: error.partition,
      offset: error.offset,
      statement: site?.statement ?? null,
      position: site === null ? null : `${site.line}:${site.column}`,
      column: error.column,
      code: error.code,
      message: error.message,
      attempt: error.attempt,
      pipeline: name,
      version
    }
    return Object.entries(fields).flatMap(([key, value]) =>
      value === null ? [] : [header(key, String(value))]
    )
  }

  /** Sends what waits; topics are created when first needed. False: nothing waits. Rejects if one can't be. */
  async send(): Promise<boolean> {
    if (this.#waiting.length === 0) return false
    const letters = this.#waiting
    this.#waiting = []
    for (const { topic, brokers, partitions, key, value, headers } of letters) {
      const connection = await this.#connect(brokers)
      if (!this.#prepared.has(topic)) {
        await connection.prepare(topic, await partitions())
        this.#prepared.add(topic)
      }
      await connection.send(topic, key, value, headers)
      this.#sent.set(topic, (this.#sent.get(topic) ?? 0) + 1)
    }
    return true
  }

  /** Forgets what waits: the records that it is of come again. */
  discard(): void {
    this.#waiting = []
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
    for (const connection of this.#connections.values()) await (await connection).flush()
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.values()) await (await connection).close()
  }
}

interface Provenance extends RecordError {
  readonly topic: string
  readonly partition: number | null
  readonly offset: number | null
  readonly attempt: number
}

function header(name: string, value: string): RecordHeader {
  return { key: `miracledb.error.${name}`, value: Buffer.from(value) }
}

function copy(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  return start < 0 ? null : bytes.slice(start, end)
}
