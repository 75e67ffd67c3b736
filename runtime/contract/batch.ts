/** Why a record is not used. `code` is kebab-case and stable: it goes to metrics and to the dead letter's header. */
export interface RecordError {
  readonly code: string
  readonly message: string
  /** The column concerned, or null. */
  readonly column: string | null
  /** Index into PipelineDefinition.sites: the place in the SQL; -1 for the decoder's own errors of a source. */
  readonly site: number
  /** How often it was tried in vain; absent: once. */
  readonly attempt?: number
  /** The message in UTF-8, where one object stands for many errors that are alike. */
  readonly messageBytes?: Uint8Array
  /** What of the record's value it is about, as a value of its own; absent: all of it. */
  readonly value?: Uint8Array
}

export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/**
 * Records of one source, back to back in one buffer. Positions are byte offsets into `bytes`; a start of -1 is a
 * null key or value. `offset` and `timestamp` are exact: both stay below 2^53.
 */
export interface Batch {
  readonly bytes: Uint8Array
  readonly count: number
  /** Bytes of all keys and values. */
  readonly size: number
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  readonly partition: Int32Array
  readonly offset: Float64Array
  /** Milliseconds since the epoch. */
  readonly timestamp: Float64Array
  /** Bytes after the values are UTF-8: true when one check of the whole buffer passed; false: check each record. */
  readonly utf8: boolean
  headers(record: number): readonly RecordHeader[]
  /** False: no record has headers, so that nobody needs to look for them. */
  readonly hasHeaders: boolean
  /** The record's W3C trace context, as packed headers with their number: see codec/packed-headers.ts. Null: it has none. */
  traceContext(record: number): Uint8Array | null
  /** Hands the record to the source's ON ERROR. The caller goes on with the next record. */
  reject(record: number, error: RecordError): void
}
