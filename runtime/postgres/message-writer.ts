const INITIAL = 1024

/** One growing buffer of messages to a client. */
export class MessageWriter {
  #buffer = Buffer.allocUnsafe(INITIAL)
  #size = 0
  /** Where the length of the message that is open goes. */
  #start = 0
  #isOpen = false

  get size(): number {
    return this.#size
  }

  /** `type`: an ASCII letter. */
  begin(type: string): this {
    this.#reserve(5)
    this.#buffer[this.#size++] = type.charCodeAt(0)
    this.#start = this.#size
    this.#size += 4
    this.#isOpen = true
    return this
  }

  end(): this {
    this.#buffer.writeInt32BE(this.#size - this.#start, this.#start)
    this.#isOpen = false
    return this
  }

  /** Forgets a message that was begun and can't be ended: a value in it has no form to be sent in. */
  abandon(): void {
    if (this.#isOpen) this.#size = this.#start - 1
    this.#isOpen = false
  }

  byte(value: number): this {
    this.#reserve(1)
    this.#buffer[this.#size++] = value
    return this
  }

  int16(value: number): this {
    this.#reserve(2)
    this.#size = this.#buffer.writeInt16BE(value, this.#size)
    return this
  }

  int32(value: number): this {
    this.#reserve(4)
    this.#size = this.#buffer.writeInt32BE(value, this.#size)
    return this
  }

  /** With a zero byte behind it; one inside of it would end it. */
  text(value: string): this {
    return this.raw(Buffer.from(value.replaceAll('\0', ''))).byte(0)
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#size)
    this.#size += bytes.length
    return this
  }

  /** A value behind its length; null: NULL. */
  value(bytes: Uint8Array | null): this {
    return bytes === null ? this.int32(-1) : this.int32(bytes.length).raw(bytes)
  }

  /** As `value`, of a text: most of what is sent. */
  textValue(value: string): this {
    // UTF-8 has up to three bytes for each unit of a string.
    this.#reserve(4 + 3 * value.length)
    const length = this.#buffer.write(value, this.#size + 4)
    this.#buffer.writeInt32BE(length, this.#size)
    this.#size += 4 + length
    return this
  }

  /** Everything that was written, which the writer forgets. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#size)
    this.#buffer = Buffer.allocUnsafe(INITIAL)
    this.#size = 0
    return taken
  }

  #reserve(size: number): void {
    const needed = this.#size + size
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length))
    this.#buffer.copy(larger, 0, 0, this.#size)
    this.#buffer = larger
  }
}
