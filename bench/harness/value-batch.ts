import { HEAD_BYTES } from '../../runtime/connect/wire/record-batch.ts'
import { writeBatchHead } from '../../runtime/connect/wire/write-batch-head.ts'

/** Varints, attributes and the count of headers of a record, at most. */
const RECORD_BYTES = 32

/** A record batch that grows: values without keys, all of the same time. */
export class ValueBatch {
  #bytes: Buffer
  #length = HEAD_BYTES
  #count = 0

  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafe(bytes)
  }

  get length(): number {
    return this.#length
  }

  get count(): number {
    return this.#count
  }

  add(value: Uint8Array): void {
    const needed = this.#length + value.length + RECORD_BYTES
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(needed * 2)
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    const [offset, size] = [this.#count++ * 2, value.length * 2]
    // Attributes, the difference in time, no key, no headers: a byte each.
    this.#varint((4 + varintBytes(offset) + varintBytes(size) + value.length) * 2)
    this.#byte(0)
    this.#byte(0)
    this.#varint(offset)
    this.#byte(1)
    this.#varint(size)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
    this.#byte(0)
  }

  /** The batch, which then begins anew: its bytes are good until the next value is added. */
  take(time: number): Uint8Array {
    const batch = this.#bytes.subarray(0, this.#length)
    const nobody = { producer: -1n, epoch: -1, sequence: -1 }
    writeBatchHead(batch, { attributes: 0, count: this.#count, time, ...nobody })
    this.#length = HEAD_BYTES
    this.#count = 0
    return batch
  }

  #byte(value: number): void {
    this.#bytes[this.#length++] = value
  }

  #varint(value: number): void {
    for (; value > 127; value >>>= 7) this.#byte((value & 127) | 128)
    this.#byte(value)
  }
}

function varintBytes(value: number): number {
  let bytes = 1
  for (; value > 127; value >>>= 7) bytes++
  return bytes
}
