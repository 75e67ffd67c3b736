/**
 * Records for one sink, encoded into one growing buffer. Record `i` has its key in [keyStart[i], keyEnd[i]) (-1: null)
 * and its value in [valueStart[i], valueEnd[i]) (-1: null); `partition[i]` and `offset[i]` are the input record it came from.
 */
export interface OutputBatch {
  readonly bytes: Uint8Array
  readonly count: number
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  readonly partition: Int32Array
  readonly offset: Float64Array
  /** Milliseconds since the epoch of the input record: for end-to-end latency. */
  readonly timestamp: Float64Array
  /** Of a table's change: the character code of `c`, `u` or `d`; 0 for any other record. */
  readonly op: Uint8Array
  /** Where in `bytes` all headers of each record are, packed: see codec/packed-headers.ts. Null: none has more than that of `op`. */
  readonly headers: Int32Array | null
  /** Behind what of `bytes` is in use. */
  readonly end: number
}

/**
 * Records with headers of their own, each in `bytes` as Kafka's batches hold them, from the length of its key to the end of its headers:
 * https://kafka.apache.org/documentation/#record. A start of -1: null. `headers[i]` is where the number of its headers is.
 */
export interface LetterBatch {
  readonly bytes: Uint8Array
  readonly count: number
  readonly bodyStart: Int32Array
  readonly bodyEnd: Int32Array
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  readonly headers: Int32Array
}

export interface TakenLetters extends LetterBatch {
  /** They stay as they are until what it answers is called; otherwise their memory is used again at once. */
  keep(): () => void
}
