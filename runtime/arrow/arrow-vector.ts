import type { ArrowField, ArrowType } from './arrow-type.ts'
import { type FlatTable, longAt } from './flat-table.ts'
import { type Unpack, unpackBuffer } from './unpack-buffer.ts'

/** The values of one field in one batch, in place. What is read outside of its buffers throws a RangeError. */
export interface ArrowVector {
  readonly type: ArrowType
  readonly length: number
  /** A bit per value, set where it is not NULL; null: none is. */
  readonly valid: ArrowBuffer | null
  /** Behind that bitmap, as the type has them. */
  readonly buffers: readonly ArrowBuffer[]
  readonly children: readonly ArrowVector[]
  /** Of a field that holds places in it: its values, in one or more parts behind one another. */
  readonly dictionary: readonly ArrowVector[] | null
}

export interface ArrowBuffer {
  readonly bytes: Uint8Array
  readonly view: DataView
}

/** The dictionaries that have come, by id. */
export type Dictionaries = Map<number, readonly ArrowVector[]>

/** Where the bytes of a batch are. */
export interface BatchBody {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly version: number
}

const NOTHING: ArrowBuffer = /* @__PURE__ */ viewed(/* @__PURE__ */ new Uint8Array(0))

/** More values than that of which no byte is there: rows of a record, and NULLs in lists. */
export const MOST_ROWS = 1 << 20

export function viewed(bytes: Uint8Array): ArrowBuffer {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
}

/** Walks through the nodes and buffers of a record batch, in the order of the schema's fields. */
export class BatchReader {
  readonly rows: number
  readonly #body: BatchBody
  readonly #unpack: Unpack | null
  readonly #dictionaries: Dictionaries
  readonly #view: DataView
  readonly #nodes: { readonly start: number; readonly count: number }
  readonly #buffers: { readonly start: number; readonly count: number }
  readonly #variadic: { readonly start: number; readonly count: number }
  #node = 0
  #buffer = 0
  #variadicAt = 0

  constructor(
    batch: FlatTable,
    body: BatchBody,
    unpack: Unpack | null,
    dictionaries: Dictionaries
  ) {
    this.#body = body
    this.#unpack = unpack
    this.#dictionaries = dictionaries
    this.#view = batch.view
    this.rows = batch.long(0)
    this.#nodes = batch.structs(1, 16)
    this.#buffers = batch.structs(2, 16)
    this.#variadic = batch.structs(4, 8)
  }

  read(field: ArrowField): ArrowVector {
    const { dictionary } = field
    const type = dictionary === null ? field.type : dictionary.index
    const length = this.#takeNode()
    if (length > MOST_ROWS && isBodiless(type, field.children)) {
      throw new RangeError('too many values without bytes')
    }
    const valid = this.#hasBitmap(type) ? this.#takeBuffer() : NOTHING
    const buffers = Array.from({ length: this.#buffersOf(type) }, () => this.#takeBuffer())
    const children = dictionary === null ? field.children.map(child => this.read(child)) : []
    if (valid.bytes.length > 0 && valid.bytes.length * 8 < length) {
      throw new RangeError('a bitmap is too short')
    }
    return {
      ...{ type, length, buffers, children },
      valid: valid.bytes.length === 0 ? null : valid,
      dictionary: dictionary === null ? null : (this.#dictionaries.get(dictionary.id) ?? [])
    }
  }

  /** As `read`, of a field that nobody needs. */
  skip(field: ArrowField): void {
    const type = field.dictionary === null ? field.type : field.dictionary.index
    this.#node++
    this.#buffer += (this.#hasBitmap(type) ? 1 : 0) + this.#buffersOf(type)
    if (field.dictionary === null) for (const child of field.children) this.skip(child)
  }

  #takeNode(): number {
    const { start, count } = this.#nodes
    if (this.#node >= count) throw new RangeError('no node')
    return longAt(this.#view, start + this.#node++ * 16)
  }

  #takeBuffer(): ArrowBuffer {
    const { start, count } = this.#buffers
    if (this.#buffer >= count) throw new RangeError('no buffer')
    const at = start + this.#buffer++ * 16
    const from = this.#body.start + longAt(this.#view, at)
    const length = longAt(this.#view, at + 8)
    if (length === 0) return NOTHING
    if (from + length > this.#body.end) throw new RangeError('a buffer ends outside')
    const bytes = this.#body.bytes.subarray(from, from + length)
    return viewed(this.#unpack === null ? bytes : unpackBuffer(bytes, this.#unpack))
  }

  #hasBitmap({ kind }: ArrowType): boolean {
    if (kind === 'Union') return this.#body.version < 5
    return kind !== 'Null' && kind !== 'RunEnds'
  }

  /** Beside the bitmap. */
  #buffersOf(type: ArrowType): number {
    switch (type.kind) {
      case 'Null':
      case 'Struct':
      case 'FixedList':
      case 'RunEnds':
        return 0
      case 'Utf8':
      case 'Binary':
      case 'ListView':
        return 2
      case 'Union':
        return type.dense ? 2 : 1
      case 'Utf8View':
      case 'BinaryView':
        return 1 + this.#takeVariadic()
      default:
        return 1
    }
  }

  #takeVariadic(): number {
    const { start, count } = this.#variadic
    if (this.#variadicAt >= count) throw new RangeError('no count of buffers')
    const views = longAt(this.#view, start + this.#variadicAt++ * 8)
    if (views > this.#buffers.count) throw new RangeError('too many buffers')
    return views
  }
}

/** Whether its values take no bytes, so that a message of some bytes can hold any number of them. */
function isBodiless(type: ArrowType, children: readonly ArrowField[]): boolean {
  if (type.kind === 'Null' || type.kind === 'RunEnds') return true
  if (type.kind === 'FixedList' || type.kind === 'FixedBinary') return type.size === 0
  return type.kind === 'Struct' && children.length === 0
}

export function isValid({ valid }: ArrowVector, row: number): boolean {
  return valid === null || ((valid.bytes[row >> 3]! >> (row & 7)) & 1) === 1
}
