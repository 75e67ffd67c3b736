/** A field of a FlatBuffers table. */
export type FlatValue =
  | { readonly kind: 'byte' | 'short' | 'int' | 'long'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'table'; readonly fields: FlatFields }
  | { readonly kind: 'tables'; readonly items: readonly FlatFields[] }
  /** Structs, or longs, of 64-bit integers: `width` of them each. */
  | { readonly kind: 'longs'; readonly values: readonly number[]; readonly width: number }

/** By the number of the field; null: it has its default. */
export type FlatFields = readonly (FlatValue | null)[]

const sizes = { byte: 1, short: 2, int: 4, long: 8 } as const
const encoder = new TextEncoder()

/** A FlatBuffers message with this root table: its length is a multiple of eight. */
export function writeFlat(root: FlatFields): Uint8Array {
  const writer = new FlatWriter()
  writer.root(root)
  return writer.done()
}

/** Writes tables before what they refer to, so that all is written once and in order. */
class FlatWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #end = 4

  root(fields: FlatFields): void {
    const table = this.#table(fields)
    this.#view.setUint32(0, table, true)
  }

  done(): Uint8Array {
    this.#align(8)
    this.#reserve(0)
    return this.#bytes.slice(0, this.#end)
  }

  /** Answers where it is. */
  #table(fields: FlatFields): number {
    this.#align(2)
    const vtable = this.#take(4 + fields.length * 2)
    this.#align(8)
    const offsets: number[] = []
    let size = 4
    for (const field of fields) {
      const width = field === null ? 0 : widthOf(field)
      size += (width - (size % (width || 1))) % (width || 1)
      offsets.push(field === null ? 0 : size)
      size += width
    }
    const table = this.#take(size)
    this.#view.setInt32(table, table - vtable, true)
    this.#view.setUint16(vtable, 4 + fields.length * 2, true)
    this.#view.setUint16(vtable + 2, size, true)
    offsets.forEach((offset, i) => this.#view.setUint16(vtable + 4 + i * 2, offset, true))
    fields.forEach((field, i) => {
      if (field !== null) this.#field(field, table + offsets[i]!)
    })
    return table
  }

  #field(field: FlatValue, at: number): void {
    switch (field.kind) {
      case 'byte':
        return this.#view.setUint8(at, field.value)
      case 'short':
        return this.#view.setInt16(at, field.value, true)
      case 'int':
        return this.#view.setInt32(at, field.value, true)
      case 'long':
        return this.#view.setBigInt64(at, BigInt(field.value), true)
      default: {
        const target = this.#object(field)
        this.#view.setUint32(at, target - at, true)
      }
    }
  }

  #object(field: Exclude<FlatValue, { readonly value: number }>): number {
    switch (field.kind) {
      case 'table':
        return this.#table(field.fields)
      case 'text':
        return this.#text(field.value)
      case 'longs':
        return this.#longs(field.values, field.width)
      case 'tables': {
        this.#align(4)
        const vector = this.#take(4 + field.items.length * 4)
        this.#view.setUint32(vector, field.items.length, true)
        field.items.forEach((item, i) => {
          const at = vector + 4 + i * 4
          const target = this.#table(item)
          this.#view.setUint32(at, target - at, true)
        })
        return vector
      }
    }
  }

  #text(text: string): number {
    const encoded = encoder.encode(text)
    this.#align(4)
    const at = this.#take(4 + encoded.length + 1)
    this.#view.setUint32(at, encoded.length, true)
    this.#bytes.set(encoded, at + 4)
    return at
  }

  #longs(values: readonly number[], width: number): number {
    // Behind the count everything is at a multiple of eight.
    this.#align(8)
    const at = this.#take(8 + values.length * 8) + 4
    this.#view.setUint32(at, values.length / width, true)
    values.forEach((value, i) => this.#view.setBigInt64(at + 4 + i * 8, BigInt(value), true))
    return at
  }

  #align(to: number): void {
    this.#end += (to - (this.#end % to)) % to
  }

  /** New bytes are zeros. */
  #take(size: number): number {
    this.#reserve(size)
    const at = this.#end
    this.#end += size
    return at
  }

  #reserve(size: number): void {
    if (this.#end + size <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + size))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

function widthOf({ kind }: FlatValue): number {
  return kind in sizes ? sizes[kind as keyof typeof sizes] : 4
}
