/**
 * A table of a FlatBuffers message, read in place: https://flatbuffers.dev/internals. The view ends where the message does, so a
 * place outside of it, which only a damaged message names, makes its reads throw a RangeError.
 */
export class FlatTable {
  readonly view: DataView
  readonly #pos: number
  readonly #fields: number
  readonly #fieldsEnd: number

  constructor(view: DataView, pos: number) {
    this.view = view
    this.#pos = pos
    this.#fields = pos - view.getInt32(pos, true)
    this.#fieldsEnd = this.#fields + view.getUint16(this.#fields, true)
  }

  /** The root table of the message that begins at the view's first byte. */
  static root(view: DataView): FlatTable {
    return new FlatTable(view, view.getUint32(0, true))
  }

  /** Where a field is; 0: it has its default. */
  #at(field: number): number {
    const slot = this.#fields + 4 + field * 2
    if (slot + 2 > this.#fieldsEnd) return 0
    const offset = this.view.getUint16(slot, true)
    return offset === 0 ? 0 : this.#pos + offset
  }

  byte(field: number, otherwise = 0): number {
    const at = this.#at(field)
    return at === 0 ? otherwise : this.view.getUint8(at)
  }

  short(field: number, otherwise = 0): number {
    const at = this.#at(field)
    return at === 0 ? otherwise : this.view.getInt16(at, true)
  }

  int(field: number, otherwise = 0): number {
    const at = this.#at(field)
    return at === 0 ? otherwise : this.view.getInt32(at, true)
  }

  /** A 64-bit integer that has to be a place or a length: throws a RangeError where no JavaScript number holds it. */
  long(field: number): number {
    const at = this.#at(field)
    return at === 0 ? 0 : longAt(this.view, at)
  }

  text(field: number): string | null {
    const at = this.#at(field)
    if (at === 0) return null
    const { view } = this
    const start = at + view.getUint32(at, true)
    const length = view.getUint32(start, true)
    if (start + 4 + length > view.byteLength) throw new RangeError('a text ends outside')
    const bytes = new Uint8Array(view.buffer, view.byteOffset + start + 4, length)
    return decoder.decode(bytes)
  }

  table(field: number): FlatTable | null {
    const at = this.#at(field)
    return at === 0 ? null : new FlatTable(this.view, at + this.view.getUint32(at, true))
  }

  tables(field: number): FlatTable[] {
    const { start, count } = this.structs(field, 4)
    return Array.from({ length: count }, (_, i) => {
      const at = start + i * 4
      return new FlatTable(this.view, at + this.view.getUint32(at, true))
    })
  }

  /** A vector of structs of `size` bytes: where the first one is in the view, and how many there are. */
  structs(field: number, size: number): { readonly start: number; readonly count: number } {
    const at = this.#at(field)
    if (at === 0) return { start: 0, count: 0 }
    const start = at + this.view.getUint32(at, true)
    const count = this.view.getUint32(start, true)
    if (start + 4 + count * size > this.view.byteLength) {
      throw new RangeError('a vector ends outside')
    }
    return { start: start + 4, count }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** See FlatTable.long. */
export function longAt(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at, true))
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a length is negative')
  return value
}
