import { allocateBytes, arenaBytes, type ByteRegion, releaseBytes } from '../../codec/arena.ts'

const DOUBLES = 2
const INTEGERS = 5

/**
 * The columns of a batch, in the arena where there is room, in the order that walk-records.wat writes them. Places are offsets into the
 * bytes that were walked; a start of -1: null.
 */
export class RecordColumns {
  readonly capacity: number
  readonly isInArena: boolean
  readonly address: number
  readonly offset: Float64Array
  /** Milliseconds since the epoch. */
  readonly timestamp: Float64Array
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  /** Where a record's headers begin, with their number; -1: there are none. */
  readonly headers: Int32Array
  readonly partition: Int32Array
  count = 0
  /** Bytes of all keys and values. */
  size = 0
  /** All values are. */
  utf8 = true
  readonly #region: ByteRegion

  constructor(capacity: number) {
    this.capacity = capacity
    this.#region = allocateBytes(capacity * (DOUBLES * 8 + INTEGERS * 4))
    const { bytes, start } = this.#region
    this.isInArena = bytes === arenaBytes
    this.address = start
    const { buffer } = bytes
    const doubles = (i: number): Float64Array =>
      new Float64Array(buffer, start + i * capacity * 8, capacity)
    const integers = (i: number): Int32Array =>
      new Int32Array(buffer, start + (DOUBLES * 2 + i) * capacity * 4, capacity)
    this.offset = doubles(0)
    this.timestamp = doubles(1)
    this.keyStart = integers(0)
    this.keyEnd = integers(1)
    this.valueStart = integers(2)
    this.valueEnd = integers(3)
    this.headers = integers(4)
    this.partition = new Int32Array(capacity)
  }

  clear(): void {
    this.count = 0
    this.size = 0
    this.utf8 = true
  }

  /** Nobody may look at the columns afterwards. */
  release(): void {
    releaseBytes(this.#region)
  }
}
