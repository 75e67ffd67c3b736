import { gunzipSync, zstdDecompressSync } from 'node:zlib'

/** Numbers of the protocol: https://kafka.apache.org/documentation/#recordbatch */
const GZIP = 1
const SNAPPY = 2
const LZ4 = 3
const ZSTD = 4

/** What a batch may grow to: brokers limit what is sent, not what it becomes. */
const MOST_BYTES = 1 << 29

type Decompress = (bytes: Uint8Array) => Uint8Array

/** How the records of a batch are unpacked; null: they are not packed. */
export async function openDecompressor(compression: number): Promise<Decompress | null> {
  const options = { maxOutputLength: MOST_BYTES }
  switch (compression) {
    case 0:
      return null
    case GZIP:
      return bytes => gunzipSync(bytes, options)
    case ZSTD:
      return bytes => zstdDecompressSync(bytes, options)
    case SNAPPY: {
      const { snappyDecompress } = await import('@platformatic/wasm-utils/bundled')
      return bytes => unframe(bytes, part => snappyDecompress(Buffer.from(part)))
    }
    case LZ4: {
      const { lz4Decompress } = await import('@platformatic/wasm-utils/bundled')
      return bytes => lz4Decompress(Buffer.from(bytes))
    }
    default:
      throw new Error(`a batch is compressed in the unknown way ${compression}`)
  }
}

const FRAME = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
/** The magic bytes, a version, and the oldest that can read it. */
const FRAME_HEAD = 16

/** Java's producers put snappy's blocks into frames of the library xerial, librdkafka's send one block. */
function unframe(bytes: Uint8Array, decompress: Decompress): Uint8Array {
  if (!FRAME.equals(bytes.subarray(0, FRAME.length))) return decompress(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts: Uint8Array[] = []
  for (let pos = FRAME_HEAD; pos < bytes.length;) {
    const end = pos + 4 + view.getInt32(pos)
    parts.push(decompress(bytes.subarray(pos + 4, end)))
    pos = end
  }
  return Buffer.concat(parts)
}
