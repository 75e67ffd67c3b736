const FIRST_BYTES = 256

/** Writes the primitive types of Kafka's protocol: https://kafka.apache.org/protocol.html#protocol_types */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  /** Of `#bytes`, what is in `#parts` already, and what is used. */
  #start = 0
  #length = 0
  readonly #parts: Uint8Array[] = []

  /** What was written, in pieces. */
  parts(): readonly Uint8Array[] {
    this.#endPart()
    return this.#parts
  }

  /** Bytes that are not copied: they are to stay as they are until they are sent. */
  lend(bytes: Uint8Array): this {
    this.#endPart()
    this.#parts.push(bytes)
    return this
  }

  #endPart(): void {
    if (this.#length > this.#start)
      this.#parts.push(this.#bytes.subarray(this.#start, this.#length))
    this.#start = this.#length
  }

  int8(value: number): this {
    const at = this.#take(1)
    this.#bytes.writeInt8(value, at)
    return this
  }

  bool(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  int16(value: number): this {
    const at = this.#take(2)
    this.#bytes.writeInt16BE(value, at)
    return this
  }

  int32(value: number): this {
    const at = this.#take(4)
    this.#bytes.writeInt32BE(value, at)
    return this
  }

  /** Of an integer below 2^53. */
  int64(value: number): this {
    const at = this.#take(8)
    this.#bytes.writeBigInt64BE(BigInt(value), at)
    return this
  }

  uvarint(value: number): this {
    for (; value > 0x7f; value >>>= 7) this.int8((value & 0x7f) - 0x80)
    return this.int8(value)
  }

  /** The type STRING, or NULLABLE_STRING. */
  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    return this.int16(Buffer.byteLength(value)).raw(Buffer.from(value))
  }

  compactString(value: string | null): this {
    if (value === null) return this.uvarint(0)
    return this.uvarint(Buffer.byteLength(value) + 1).raw(Buffer.from(value))
  }

  compactBytes(value: Uint8Array): this {
    return this.uvarint(value.length + 1).raw(value)
  }

  compactArray<T>(values: readonly T[], write: (value: T) => void): this {
    this.uvarint(values.length + 1)
    values.forEach(write)
    return this
  }

  /** No tagged fields. */
  noTags(): this {
    return this.uvarint(0)
  }

  raw(bytes: Uint8Array): this {
    const at = this.#take(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  /** Where there is room for so many bytes. It may replace the buffer, so it comes first. */
  #take(length: number): number {
    const at = this.#length
    this.#length += length
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(this.#length * 2)
      this.#bytes.copy(larger, 0, 0, at)
      this.#bytes = larger
    }
    return at
  }
}
