import { changeHeaders } from '../sent-headers.ts'
import { encodeHeaders, NO_HEADERS, PackedHeaders } from '../produce/record-headers.ts'
import type { RecordColumns } from './columns.ts'

/** By the character code of the change. */
const headersOfChanges = new Map(
  ['c', 'u', 'd'].map(op => op.charCodeAt(0)).map(op => [op, encodeHeaders(changeHeaders(op))])
)

/** The headers of records one after the other, as our own producers take them. */
export class EncodedHeaders {
  readonly #packed = new PackedHeaders()

  /** What was answered before is gone. */
  of(
    { bytes, op, headers }: Pick<RecordColumns, 'bytes' | 'op' | 'headers'>,
    record: number
  ): Uint8Array {
    return headers === null
      ? (headersOfChanges.get(op?.[record] ?? 0) ?? NO_HEADERS)
      : this.#packed.encode(bytes, headers[record]!)
  }
}
