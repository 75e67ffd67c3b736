import { ProtocolError } from './protocol-error.ts'

/** A message of a client: its type and what follows its length. */
export interface Frame {
  /** An ASCII letter; the first message of a connection has none: an empty text. */
  readonly type: string
  readonly body: Buffer
}

/** Of a length and the version or code behind it, to those of all settings that a client has ever sent. */
const STARTUP_LIMIT = 10_000
const LENGTH = 4

/**
 * Cuts what a client sends into messages: a type, a length that counts itself, a body. The first one has no type.
 * https://www.postgresql.org/docs/15/protocol-overview.html#PROTOCOL-MESSAGE-CONCEPTS
 */
export class FrameReader {
  /** The longest message behind the first. */
  limit: number
  #chunks: Buffer[] = []
  #size = 0

  constructor(limit: number) {
    this.limit = limit
  }

  add(chunk: Buffer): void {
    this.#size += chunk.length
    let last = chunk
    // Who sends byte by byte costs no buffer for each: chunks that are no smaller than those before them become one.
    while (this.#chunks.length > 0 && this.#chunks.at(-1)!.length <= last.length) {
      last = Buffer.concat([this.#chunks.pop()!, last])
    }
    this.#chunks.push(last)
  }

  /** Bytes that are no whole message yet. */
  get waiting(): number {
    return this.#size
  }

  /** The next message, if all of it is there. `isFirst`: it has no type. */
  next(isFirst: boolean): Frame | null {
    const head = isFirst ? 0 : 1
    if (this.#size < head + LENGTH) return null
    const start = this.#front(head + LENGTH)
    const length = start.readInt32BE(head)
    const limit = isFirst ? STARTUP_LIMIT : this.limit
    if (length < LENGTH || length > limit) {
      // What follows a wrong length can't be told apart: nothing more is read.
      throw new ProtocolError(
        `a message of ${length} bytes: there are ${LENGTH} to ${limit}`,
        length > limit ? '54000' : '08P01'
      )
    }
    const size = head + length
    if (this.#size < size) return null
    const all = this.#front(size)
    const type = isFirst ? '' : String.fromCharCode(all[0]!)
    const body = all.subarray(head + LENGTH, size)
    const rest = all.subarray(size)
    this.#chunks = [rest, ...this.#chunks.slice(1)]
    this.#size -= size
    return { type, body }
  }

  /** The first chunk, which holds at least `size` bytes then. */
  #front(size: number): Buffer {
    if (this.#chunks[0]!.length < size) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0]!
  }
}
