import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { Compression } from './batch-writer.ts'

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

/** The same memory. */
function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}
