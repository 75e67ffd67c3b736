import { ProtocolError } from './protocol-error.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Reads the fields of one message. What is not there, or is no text, is a ProtocolError: nothing is read behind the end. */
export class FieldReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4))
  }

  /** An OID. */
  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4))
  }

  bytes(length: number): Buffer {
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** UTF-8 up to a zero byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new ProtocolError('a text has no end')
    const text = utf8(this.#bytes.subarray(this.#at, end))
    this.#at = end + 1
    return text
  }

  /** As many as an int16 before them says. */
  list<T>(read: () => T): T[] {
    const count = this.int16()
    if (count < 0) throw new ProtocolError('a list has a negative length')
    const items: T[] = []
    for (let i = 0; i < count; i++) items.push(read())
    return items
  }

  end(): void {
    if (this.left > 0) throw new ProtocolError('the message is longer than its fields')
  }

  #take(length: number): number {
    if (length < 0 || length > this.left) throw new ProtocolError('the message is too short')
    const start = this.#at
    this.#at += length
    return start
  }
}

export function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new ProtocolError('a text is not UTF-8', '22021')
  }
}
