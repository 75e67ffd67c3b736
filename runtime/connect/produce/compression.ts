import { gzipSync, zstdCompressSync } from 'node:zlib'
import { HEAD_BYTES } from '../wire/record-batch.ts'

/** Packs the records of a batch. */
export interface Compression {
  /** The number in the batch's attributes. */
  readonly number: number
  readonly compress: (records: Uint8Array) => Uint8Array
}

/** How batches are packed, by the names of librdkafka's `compression.codec`; null: there is no such way. */
export async function openCompression(name: string): Promise<Compression | null> {
  switch (name) {
    case 'none':
      return { number: 0, compress: records => records }
    case 'gzip':
      return { number: 1, compress: records => gzipSync(records) }
    case 'zstd':
      return { number: 4, compress: records => zstdCompressSync(records) }
    case 'snappy': {
      const { snappyCompress } = await import('@platformatic/wasm-utils/bundled')
      return { number: 2, compress: records => snappyCompress(bufferOf(records)) }
    }
    case 'lz4': {
      const { lz4Compress } = await import('@platformatic/wasm-utils/bundled')
      return { number: 3, compress: records => lz4Compress(bufferOf(records)) }
    }
    default:
      return null
  }
}

/** A batch with its records packed, and room for its head; not packed it is the same memory. */
export function packBatch(batch: Uint8Array, { number, compress }: Compression): Uint8Array {
  if (number === 0) return batch
  return Buffer.concat([batch.subarray(0, HEAD_BYTES), compress(batch.subarray(HEAD_BYTES))])
}

/** The same memory. */
function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}
