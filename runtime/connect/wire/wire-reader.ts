/** Reads the primitive types of Kafka's protocol. Throws a RangeError where the bytes end too early. */
export class WireReader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #end: number
  pos: number

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.pos = start
    this.#end = end
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1))
  }

  bool(): boolean {
    return this.int8() !== 0
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2))
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4))
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  /** Offsets, times and ids: below 2^53 wherever a broker gives them. */
  int64(): number {
    const at = this.#take(8)
    return this.#view.getInt32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
  }

  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1))
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number of Kafka’s protocol has too many bytes')
  }

  /** 16 bytes, as hexadecimal digits. */
  uuid(): string {
    const at = this.#take(16)
    return Buffer.from(this.bytes.subarray(at, at + 16)).toString('hex')
  }

  string(): string | null {
    const length = this.int16()
    return length < 0 ? null : this.#text(length)
  }

  compactString(): string | null {
    const length = this.uvarint() - 1
    return length < 0 ? null : this.#text(length)
  }

  /** A copy. */
  compactBytes(): Buffer {
    const length = Math.max(0, this.uvarint() - 1)
    const at = this.#take(length)
    return Buffer.from(this.bytes.subarray(at, at + length))
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read)
  }

  /** Where a null array is an empty one. */
  compactArray<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.uvarint() - 1) }, read)
  }

  /** Passes by a part of so many bytes; answers where it is. */
  skip(length: number): { readonly start: number; readonly end: number } {
    const start = this.#take(length)
    return { start, end: this.pos }
  }

  /** Hands over the tagged fields by their numbers; `read` has to read nothing of them. */
  tags(read: (tag: number, field: WireReader) => void = () => {}): void {
    for (let left = this.uvarint(); left > 0; left--) {
      const tag = this.uvarint()
      const { start, end } = this.skip(this.uvarint())
      read(tag, new WireReader(this.bytes, start, end))
    }
  }

  #text(length: number): string {
    const at = this.#take(length)
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, length).toString('utf8')
  }

  #take(length: number): number {
    const at = this.pos
    if (at + length > this.#end) throw new RangeError('an answer of the broker ends too early')
    this.pos = at + length
    return at
  }
}
