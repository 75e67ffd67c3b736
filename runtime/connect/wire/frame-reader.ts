import { allocateBytes, type ByteRegion, releaseBytes } from '../../codec/arena.ts'

const SCRATCH_BYTES = 1 << 16
const LENGTH_BYTES = 4
/** More than a broker sends; more likely somebody else answers at its port: an alert of TLS looks like 352 million. */
const MOST_BYTES = 1 << 28

/** An answer of a broker where it lies. Nobody may read its bytes after `release`. */
export class Answer {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly #region: ByteRegion

  constructor(region: ByteRegion, length: number) {
    this.#region = region
    this.bytes = region.bytes
    this.start = region.start
    this.end = region.start + length
  }

  release(): void {
    releaseBytes(this.#region)
  }
}

/**
 * Cuts what a socket reads into answers. The socket reads into the memory that `buffer` gives: where the rest of a long answer is
 * to come, that is the answer's own place, so that its bytes are copied by the kernel and nobody else.
 */
export class FrameReader {
  readonly #answered: (answer: Answer) => void
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  /** The length of the next answer, as far as it is there. */
  readonly #length = Buffer.alloc(LENGTH_BYTES)
  #lengthBytes = 0
  #region: ByteRegion | null = null
  #wanted = 0
  #got = 0

  constructor(answered: (answer: Answer) => void) {
    this.#answered = answered
  }

  /** Where to read to next. */
  buffer(): Uint8Array {
    const left = this.#wanted - this.#got
    if (this.#region === null || left < SCRATCH_BYTES) return this.#scratch
    const { bytes, start } = this.#region
    return bytes.subarray(start + this.#got, start + this.#wanted)
  }

  /** So many bytes were read to the place that `buffer` gave last. Throws where they are no answer. */
  read(count: number, place: Uint8Array): void {
    if (place.buffer === this.#scratch.buffer) this.#cut(place.subarray(0, count))
    else this.#take(count)
  }

  /** Gives up what has come in part. */
  release(): void {
    if (this.#region !== null) releaseBytes(this.#region)
    this.#region = null
  }

  #cut(bytes: Uint8Array): void {
    for (let pos = 0; pos < bytes.length;) {
      if (this.#region === null) {
        this.#length[this.#lengthBytes++] = bytes[pos++]!
        if (this.#lengthBytes === LENGTH_BYTES) this.#begin()
        continue
      }
      const part = bytes.subarray(pos, pos + this.#wanted - this.#got)
      this.#region.bytes.set(part, this.#region.start + this.#got)
      pos += part.length
      this.#take(part.length)
    }
  }

  #begin(): void {
    this.#lengthBytes = 0
    this.#wanted = this.#length.readInt32BE()
    this.#got = 0
    if (this.#wanted < LENGTH_BYTES || this.#wanted > MOST_BYTES)
      throw new Error('what answers is no Kafka broker, or wants TLS')
    this.#region = allocateBytes(this.#wanted)
  }

  #take(count: number): void {
    this.#got += count
    if (this.#got < this.#wanted) return
    const answer = new Answer(this.#region!, this.#wanted)
    this.#region = null
    this.#answered(answer)
  }
}
