import { packHeaders, type RecordWriter } from '../codec/index.ts'
import { changeHeaders } from '../connect/sent-headers.ts'
import type { Batch, OutputBatch } from '../contract/index.ts'

/** Whether records carry on the W3C trace context of what they come of: unless OpenTelemetry's variable leaves it out. */
export function carriesTraceContext(environment: Readonly<Record<string, string | undefined>>) {
  const propagators = (environment['OTEL_PROPAGATORS'] ?? '').trim()
  return propagators === '' || propagators.split(',').some(name => name.trim() === 'tracecontext')
}

/**
 * What the writer holds, all of which came of `batch`: a record that came of one with a W3C trace context carries it on. Rows of
 * tables and groups come of no record by itself, and carry none.
 */
export function takeWithContext(writer: RecordWriter, batch: Batch): OutputBatch {
  const outputs = writer.take()
  const contexts = contextsOf(outputs, batch)
  if (contexts === null) return outputs
  const { op } = outputs
  return writer.takeWithHeaders(record => contexts[record] ?? withoutContext(op[record]!))
}

/** Packed, by output record; null: no record has any. */
function contextsOf(
  { count, partition, offset }: OutputBatch,
  batch: Batch
): readonly (Uint8Array | null)[] | null {
  if (!batch.hasHeaders) return null
  const records = new RecordSearch(batch)
  let contexts: (Uint8Array | null)[] | null = null
  let context: Uint8Array | null = null
  let last = -1
  for (let i = 0; i < count; i++) {
    if (offset[i]! < 0) continue
    const record = records.find(partition[i]!, offset[i]!)
    // Several records may have come of one.
    if (record !== last) context = record < 0 ? null : batch.traceContext(record)
    last = record
    if (context === null) continue
    contexts ??= new Array<Uint8Array | null>(count).fill(null)
    contexts[i] = context
  }
  return contexts
}

/** Finds a batch's records by their places. Outputs come in the order of records, once for each loop over the batch. */
class RecordSearch {
  readonly #count: number
  readonly #partition: Int32Array
  readonly #offset: Float64Array
  #at = 0

  constructor({ count, partition, offset }: Batch) {
    this.#count = count
    this.#partition = partition
    this.#offset = offset
  }

  /** -1: it is not there. */
  find(partition: number, offset: number): number {
    for (let left = this.#count; left > 0; left--) {
      const at = this.#at
      if (this.#offset[at] === offset && this.#partition[at] === partition) return at
      this.#at = at + 1 === this.#count ? 0 : at + 1
    }
    return -1
  }
}

/** By the character code of a change: its header, packed with the number of headers. */
const packed = new Map<number, Uint8Array>()

function withoutContext(op: number): Uint8Array {
  const known = packed.get(op)
  if (known !== undefined) return known
  const headers = changeHeaders(op)
  const made = Buffer.concat([Uint8Array.of(headers.length, 0, 0, 0), packHeaders(headers)])
  packed.set(op, made)
  return made
}
