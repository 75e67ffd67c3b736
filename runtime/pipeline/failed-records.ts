import type {
  Batch,
  ErrorPolicy,
  PipelineDefinition,
  RecordError,
  RefusedRecord
} from '../contract/index.ts'
import { LATE } from '../observe/error-counts.ts'
import type { Fields, Logger } from '../observe/log.ts'
import type { SinkMetrics, SourceMetrics } from '../observe/metrics.ts'
import { encodeRow } from '../state/state-codec.ts'
import type { DeadLetters } from './dead-letters.ts'
import { StoppedByRecord } from './stopped-by-record.ts'

/** Brokers refuse a record: no expression is to blame. */
const NO_SITE = -1

/** Does what ON ERROR says with records that can't be used: counts, logs, passes on to the dead letters or stops. */
export class FailedRecords {
  readonly #definition: PipelineDefinition
  readonly #deadLetters: DeadLetters
  readonly #log: Logger
  readonly #now: () => number
  readonly #stop: (error: Error) => void
  readonly #rejections = new Map<string, string>()

  constructor(
    definition: PipelineDefinition,
    deadLetters: DeadLetters,
    log: Logger,
    now: () => number,
    stop: (error: Error) => void
  ) {
    this.#definition = definition
    this.#deadLetters = deadLetters
    this.#log = log
    this.#now = now
    this.#stop = stop
  }

  /** An input record that can't be decoded, or for which an expression or a model failed. What other parts have sent is a row of theirs. */
  rejected(source: SourceMetrics, batch: Batch, record: number, error: RecordError): void {
    const { definition, connection } = source
    if (definition.exchange !== undefined && error.code !== LATE) {
      const { bytes, valueStart, valueEnd } = batch
      const row = bytes.slice(Math.max(0, valueStart[record]!), Math.max(0, valueEnd[record]!))
      return this.#ofRow(source, definition.name, row, error)
    }
    this.#count(source, error)
    const { onError, topic } = definition
    const fields = (): Fields => ({
      source: definition.name,
      record: placeOf(topic, batch, record),
      error: error.message,
      ...this.#position(error)
    })
    this.#log.limited('warn', this.#rejection(error), fields, definition.name)
    const isLate = error.code === LATE
    const target = isLate ? definition.lateTopic : deadLetterTopic(onError)
    if (target !== null) {
      this.#deadLetters.addRecord(definition, target, batch, record, error, connection)
    } else if (!isLate && onError.action !== 'log') {
      this.#stop(
        new StoppedByRecord(`${placeOf(topic, batch, record)}: ${error.message} (${error.code})`)
      )
    }
  }

  /** The same text for each error of a kind: it is looked up by it, once per record. */
  #rejection({ code }: RecordError): string {
    let text = this.#rejections.get(code)
    if (text === undefined) this.#rejections.set(code, (text = `record rejected: ${code}`))
    return text
  }

  /** A row of a table or a GROUP BY for which an expression failed: it comes from no record, and goes where the source's do. */
  derived(
    source: SourceMetrics,
    from: string,
    row: Readonly<Record<string, unknown>>,
    error: RecordError
  ): void {
    this.#ofRow(source, from, encodeRow([row]).slice(1, -1), error)
  }

  #ofRow(source: SourceMetrics, from: string, row: Uint8Array, error: RecordError): void {
    this.#count(source, error)
    const { definition, connection } = source
    const { onError } = definition
    const fields = { rows: from, error: error.message, ...this.#position(error) }
    this.#log.limited('warn', `row rejected: ${error.code}`, fields, from)
    const target = deadLetterTopic(onError)
    if (target !== null) {
      this.#deadLetters.addRow(definition, target, row, error, connection)
    } else if (onError.action !== 'log') {
      this.#stop(new StoppedByRecord(`a row of ${from}: ${error.message} (${error.code})`))
    }
  }

  #count(source: SourceMetrics, { code, site, message }: RecordError): void {
    source.rejected++
    source.errors.add(code, site, message, this.#now())
  }

  #position({ site }: RecordError): { readonly statement?: string; readonly position?: string } {
    const place = this.#definition.sites[site]
    if (place === undefined) return {}
    return { statement: place.statement, position: `${place.line}:${place.column}` }
  }

  /** An output record that the brokers don't take. */
  refused(sink: SinkMetrics, record: RefusedRecord): void {
    sink.errors++
    const { definition, failures } = sink
    failures.add(record.code, NO_SITE, record.message, this.#now())
    const fields = { sink: definition.name, error: record.message }
    this.#log.limited('warn', `sink refused a record: ${record.code}`, fields, definition.name)
    const target = deadLetterTopic(definition.onError)
    if (target !== null) this.#deadLetters.addRefused(definition, target, record)
    else if (definition.onError.action !== 'log') {
      this.#stop(new StoppedByRecord(`sink "${definition.name}": ${record.message}`, true))
    }
  }
}

function placeOf(topic: string, { partition, offset }: Batch, record: number): string {
  return `${topic}[${partition[record]!}]@${offset[record]!}`
}

/** Where a record goes that can't succeed; null: nowhere. `fail` never passes one on. */
function deadLetterTopic({ action, deadLetterTopic: topic }: ErrorPolicy): string | null {
  return action === 'fail' ? null : topic
}
