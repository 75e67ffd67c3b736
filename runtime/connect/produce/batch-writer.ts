import { copyBytes, viewBytes } from '../../codec/copy-bytes.ts'
import type { ProducerId } from '../wire/produce.ts'
import { HEAD_BYTES } from '../wire/record-batch.ts'
import { writeBatchHead } from '../wire/write-batch-head.ts'
import { type Compression, packBatch } from './compression.ts'
import { VARINT_OF_NULL, varintSize, writeVarint } from './varint.ts'

const FIRST_BYTES = 1 << 14
/** More than a record has around its key, its value and its headers: five varints and a byte. */
const AROUND_BYTES = 32

/** Beside the number of the compression. */
const TRANSACTIONAL = 0x10

/** A record batch that is being filled, and what of it is sent: https://kafka.apache.org/documentation/#recordbatch */
export class BatchWriter {
  #time: number
  count = 0
  #bytes: Uint8Array
  #view: DataView
  #pos = HEAD_BYTES
  /** Complete but for who sends it. */
  #sealed: Uint8Array | null = null

  /** `time`: milliseconds since the epoch. `memory`: what it may write to. */
  constructor(time: number, memory: Uint8Array | null = null) {
    this.#time = time
    this.#bytes = memory ?? allocate(FIRST_BYTES)
    this.#view = viewBytes(this.#bytes)
  }

  /** Its memory, for another batch: it is done with. */
  get memory(): Uint8Array {
    return this.#bytes
  }

  /** What is sent of it is made: it takes no more. */
  get isSealed(): boolean {
    return this.#sealed !== null
  }

  /** Bytes of the records, unpacked. */
  get size(): number {
    return this.#pos - HEAD_BYTES
  }

  /** The records one behind the other, as `add` wrote them. */
  get records(): Uint8Array {
    return this.#bytes.subarray(HEAD_BYTES, this.#pos)
  }

  /** Starts of -1: null. `headers`: as a record holds them. */
  add(
    bytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
    headers: Uint8Array
  ): void {
    const key = keyStart < 0 ? 0 : keyEnd - keyStart
    const value = valueStart < 0 ? 0 : valueEnd - valueStart
    const length =
      2 +
      varintSize(this.count) +
      varintSize(key) +
      key +
      varintSize(value) +
      value +
      headers.length
    this.#makeRoom(length + AROUND_BYTES)
    const out = this.#bytes
    let pos = this.#begin(length)
    pos = this.#writePart(pos, bytes, keyStart, keyEnd)
    pos = this.#writePart(pos, bytes, valueStart, valueEnd)
    if (headers.length === 1) out[pos++] = headers[0]!
    else {
      out.set(headers, pos)
      pos += headers.length
    }
    this.#pos = pos
    this.count++
  }

  /** Of a record all from the length of its key to the end of its headers, as it is here. */
  addEncoded(bytes: Uint8Array, start: number, end: number): void {
    const length = 2 + varintSize(this.count) + end - start
    this.#makeRoom(length + AROUND_BYTES)
    const pos = this.#begin(length)
    copyBytes(bytes, start, end, this.#bytes, this.#view, pos)
    this.#pos = pos + end - start
    this.count++
  }

  /** What every record begins with; answers the position behind it. */
  #begin(length: number): number {
    const out = this.#bytes
    let pos = writeVarint(out, this.#pos, length)
    // No attributes; the time is the batch's.
    out[pos++] = 0
    out[pos++] = 0
    return writeVarint(out, pos, this.count)
  }

  #makeRoom(size: number): void {
    if (this.#pos + size <= this.#bytes.length) return
    const larger = allocate((this.#pos + size) * 2)
    larger.set(this.#bytes.subarray(0, this.#pos))
    this.#bytes = larger
    this.#view = viewBytes(larger)
  }

  /** With its length before it. Answers the position behind it. */
  #writePart(at: number, bytes: Uint8Array, start: number, end: number): number {
    const out = this.#bytes
    if (start < 0) {
      out[at] = VARINT_OF_NULL
      return at + 1
    }
    const pos = writeVarint(out, at, end - start)
    copyBytes(bytes, start, end, out, this.#view, pos)
    return pos + end - start
  }

  /** The batch as it is sent, with the number of its first record; the same bytes as long as these are the same. */
  seal(
    { id, epoch }: ProducerId,
    isTransactional: boolean,
    sequence: number,
    compression: Compression
  ): Uint8Array {
    this.#sealed ??= packBatch(this.#bytes.subarray(0, this.#pos), compression)
    writeBatchHead(this.#sealed, {
      attributes: isTransactional ? compression.number | TRANSACTIONAL : compression.number,
      count: this.count,
      time: this.#time,
      producer: BigInt(id),
      ...{ epoch, sequence }
    })
    return this.#sealed
  }

  /** Sent again, it says another time. */
  restamp(time: number): void {
    this.#time = time
  }
}

function allocate(bytes: number): Uint8Array {
  // Not cleared, and no Buffer: V8 should see one kind of array where bytes are copied.
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer)
}
