import type { RecordWriter } from '../record-writer.ts'
import { skipValue } from '../skip.ts'

/** What `check` answers where the bytes are not what a writer would write, or are wrong: `read` then tells which. */
export const DIFFERENT = -100

/**
 * How values of one SQL type are read and written that have no slot of their own in a typed array: intervals, bytes,
 * arrays, rows, maps and vectors, and whatever is inside of them. Codecs are made once, at start, by generated code:
 * `arrayCodec(rowCodec(['id', 'name'], [intCodec, textCodec]))`.
 *
 * Representations: ARRAY and ROW are JavaScript arrays, MAP a Map, VECTOR a Float64Array, BYTES a Uint8Array, INTERVAL an
 * object of months, days and milliseconds; DATE is days, TIME ms of the day, TIMESTAMP and TIMESTAMPTZ ms since the epoch;
 * the others as in slots. NULL is null. No value is ever changed.
 */
export interface Codec<T> {
  /** What `read` has read. */
  value: T | null
  /** Reads the value at `pos` of JSON that was found valid up to `end`: answers the position behind it, or a reason. */
  read(bytes: Uint8Array, pos: number, end: number): number
  /** As `read`, without making the value: whether its bytes may be copied to the output. Else DIFFERENT. */
  check(bytes: Uint8Array, pos: number, end: number): number
  /** Writes a value that is not NULL. */
  write(writer: RecordWriter, value: T): void
}

/** Where a decoder keeps the value of one column. */
export interface Slot<T> {
  value: T | null
}

/** A column of a type that has a codec: stores the value. */
export function readValue<T>(
  bytes: Uint8Array,
  pos: number,
  end: number,
  slot: Slot<T>,
  codec: Codec<T>
): number {
  // The syntax first: codecs trust it, and depth counts from the record down.
  const after = skipValue(bytes, pos, end)
  if (after < 0) return after
  const read = codec.read(bytes, pos, after)
  if (read < 0) return read
  slot.value = codec.value
  return after
}

/**
 * As `readValue`, for a column that is only copied: stores its range where the bytes are what a writer would write, else -2
 * and the value; -1 for null.
 */
export function rangeValue<T>(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  at: number,
  slot: Slot<T>,
  codec: Codec<T>
): number {
  const after = skipValue(bytes, pos, end)
  if (after < 0) return after
  if (codec.check(bytes, pos, after) === after) {
    range[at] = isNull(bytes, pos) ? -1 : pos
    range[at + 1] = after
    return after
  }
  const read = codec.read(bytes, pos, after)
  if (read < 0) return read
  range[at] = -2
  slot.value = codec.value
  return after
}

const encoder = new TextEncoder()

/** A constant of the script, from its JSON, which the compiler has made. Evaluated once, at start. */
export function constantOf<T>(codec: Codec<T>, json: string): T {
  const bytes = encoder.encode(json)
  const slot: Slot<T> = { value: null }
  const after = readValue(bytes, 0, bytes.length, slot, codec)
  if (after !== bytes.length || slot.value === null) throw new Error(`${json} is no constant`)
  return slot.value
}

/** Of valid JSON: only null begins with an n. */
export function isNull(bytes: Uint8Array, pos: number): boolean {
  return bytes[pos] === 0x6e
}

/** Writes what `rangeValue` stored. */
export function writeRange<T>(
  writer: RecordWriter,
  bytes: Uint8Array,
  start: number,
  end: number,
  value: T | null,
  codec: Codec<T>
): void {
  if (start !== -2) writer.copy(bytes, start, end)
  else if (value === null) writer.null()
  else codec.write(writer, value)
}
