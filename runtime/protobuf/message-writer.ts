const TWO_32 = 2 ** 32
const utf8 = new TextEncoder()
const view = new DataView(new ArrayBuffer(8))
const bytesOfView = new Uint8Array(view.buffer)

/** Bytes of a message, as they are put together. https://protobuf.dev/programming-guides/encoding/ */
export class MessageWriter {
  #bytes = new Uint8Array(1024)
  #pos = 0

  reset(): void {
    this.#pos = 0
  }

  /** Valid until the next message. */
  taken(): Uint8Array {
    return this.#bytes.subarray(0, this.#pos)
  }

  /** An integer of 53 bits, negative ones as ten bytes of two's complement. */
  varint(value: number): void {
    if (value < 0) return this.varintWide(BigInt(value))
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#byte((rest % 128) | 0x80)
    this.#byte(rest)
  }

  /** An integer of 64 bits. */
  varintWide(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0) return this.varint(value)
    const whole = BigInt.asUintN(64, BigInt(value))
    let low = Number(whole & 0xffffffffn)
    let high = Number(whole >> 32n)
    while (high > 0 || low > 0x7f) {
      this.#byte((low & 0x7f) | 0x80)
      low = Math.floor(low / 128) + (high % 128) * (TWO_32 / 128)
      high = Math.floor(high / 128)
    }
    this.#byte(low)
  }

  float(value: number): void {
    view.setFloat32(0, value, true)
    this.#raw(bytesOfView.subarray(0, 4))
  }

  double(value: number): void {
    view.setFloat64(0, value, true)
    this.#raw(bytesOfView)
  }

  text(value: string): void {
    this.bytes(utf8.encode(value))
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length)
    this.#raw(value)
  }

  /** What `write` writes, behind its length. */
  sized(write: () => void): void {
    const start = this.#pos
    write()
    const length = this.#pos - start
    const room = length < 0x80 ? 1 : Math.ceil(length.toString(2).length / 7)
    this.#reserve(room)
    this.#bytes.copyWithin(start + room, start, this.#pos)
    this.#pos = start
    this.varint(length)
    this.#pos = start + room + length
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#pos++] = value
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#pos)
    this.#pos += bytes.length
  }

  #reserve(length: number): void {
    const needed = this.#pos + length
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#pos))
    this.#bytes = grown
  }
}
