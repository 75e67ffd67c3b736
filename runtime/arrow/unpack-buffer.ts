import { zstdDecompressSync } from 'node:zlib'

/** Unpacks one buffer, which has to have `length` bytes then. */
export type Unpack = (bytes: Uint8Array, length: number) => Uint8Array

/** What a buffer may grow to. */
const MOST_BYTES = 1 << 27
const LZ4_FRAME = 0
const ZSTD = 1

/** How the buffers of batches are packed, by the number that a batch has for it. */
export class Unpackers {
  #lz4: Unpack | null = null

  /** Null: what it needs is not loaded yet. Throws a RangeError where there is no such way. */
  find(codec: number): Unpack | null {
    if (codec === LZ4_FRAME) return this.#lz4
    if (codec === ZSTD) return unpackZstd
    throw new RangeError(`the unknown compression ${codec}`)
  }

  async load(): Promise<void> {
    const { lz4Decompress } = await import('@platformatic/wasm-utils/bundled')
    this.#lz4 = bytes => lz4Decompress(Buffer.from(bytes))
  }
}

function unpackZstd(bytes: Uint8Array, length: number): Uint8Array {
  return zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, length) })
}

/** A packed buffer begins with its length; -1: it is not packed. Throws a RangeError where it is damaged. */
export function unpackBuffer(bytes: Uint8Array, unpack: Unpack): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const length = Number(view.getBigInt64(0, true))
  const packed = bytes.subarray(8)
  if (length === -1) return packed
  if (length < 0 || length > MOST_BYTES) throw new RangeError('a packed buffer is too large')
  if (length === 0) return packed.subarray(0, 0)
  const unpacked = unpackOrThrow(packed, length, unpack)
  if (unpacked.length !== length) throw new RangeError('a packed buffer has another length')
  return unpacked
}

function unpackOrThrow(bytes: Uint8Array, length: number, unpack: Unpack): Uint8Array {
  try {
    return unpack(bytes, length)
  } catch {
    throw new RangeError('a packed buffer is damaged')
  }
}
