import type { RecordHeader } from '../contract/index.ts'
import { isDigit, LOWER_F, MINUS, ZERO } from './ascii.ts'
import { PACKED_NUMBER, packedNumber } from './packed-headers.ts'

const TRACEPARENT = Buffer.from('traceparent')
const TRACESTATE = Buffer.from('tracestate')

/** Of version 00; later ones may have more behind another dash. */
const PARENT_BYTES = 55
const LONGEST_PARENT = 256
/** As many as have to be passed on; a record does not become too large by what it carries. */
const LONGEST_STATE = 512
/** Where trace id, span id and flags begin. */
const [TRACE_ID, SPAN_ID, FLAGS] = [3, 36, 53]
const LOWER_A = 0x61

/**
 * Picks the trace context out of a record's headers, which are shown to it one by one, without an object for each. Of several
 * of one name the last counts; one that is malformed counts as none: https://www.w3.org/TR/trace-context/
 */
export class TraceContextFinder {
  #bytes: Uint8Array = new Uint8Array()
  #parent = 0
  #parentEnd = 0
  #state: Uint8Array = new Uint8Array()
  #stateStart = 0
  #stateEnd = 0

  /** A header of the next record, by places in `bytes`; a `start` of -1: its value is null. */
  see(bytes: Uint8Array, key: number, keyEnd: number, start: number, end: number): void {
    const length = keyEnd - key
    if (length !== TRACEPARENT.length && length !== TRACESTATE.length) return
    if (isName(TRACEPARENT, bytes, key, length)) {
      const isValid = start >= 0 && isTraceparent(bytes, start, end)
      this.#bytes = bytes
      this.#parent = isValid ? start : 0
      this.#parentEnd = isValid ? end : 0
    } else if (isName(TRACESTATE, bytes, key, length)) {
      const isUsed = start >= 0 && end - start <= LONGEST_STATE
      this.#state = bytes
      this.#stateStart = isUsed ? start : 0
      this.#stateEnd = isUsed ? end : 0
    }
  }

  /** What was seen since the last `take`, as packed headers with their number; null: no context. */
  take(): Uint8Array | null {
    const parent = this.#parentEnd - this.#parent
    const state = this.#stateEnd - this.#stateStart
    const packed = parent === 0 ? null : this.#pack(parent, state)
    this.#parent = this.#parentEnd = this.#stateStart = this.#stateEnd = 0
    return packed
  }

  #pack(parent: number, state: number): Uint8Array {
    const around = 2 * PACKED_NUMBER
    const forState = state === 0 ? 0 : around + TRACESTATE.length + state
    const out = Buffer.allocUnsafe(PACKED_NUMBER + around + TRACEPARENT.length + parent + forState)
    out.writeInt32LE(state === 0 ? 1 : 2, 0)
    const pos = pack(out, PACKED_NUMBER, TRACEPARENT, this.#bytes, this.#parent, this.#parentEnd)
    if (state > 0) pack(out, pos, TRACESTATE, this.#state, this.#stateStart, this.#stateEnd)
    return out
  }
}

/** The context among packed headers with their number; a start of -1: there are none. */
export function packedContext(
  finder: TraceContextFinder,
  bytes: Uint8Array,
  start: number
): Uint8Array | null {
  if (start < 0) return null
  let pos = start + PACKED_NUMBER
  for (let left = packedNumber(bytes, start); left > 0; left--) {
    const key = pos + 2 * PACKED_NUMBER
    const keyEnd = key + packedNumber(bytes, pos)
    const length = packedNumber(bytes, pos + PACKED_NUMBER)
    pos = keyEnd + Math.max(0, length)
    finder.see(bytes, key, keyEnd, length < 0 ? -1 : keyEnd, pos)
  }
  return finder.take()
}

/** The context among headers that are objects. */
export function contextAmong(
  finder: TraceContextFinder,
  headers: readonly RecordHeader[]
): Uint8Array | null {
  for (const { key, value } of headers) {
    const name = Buffer.from(key)
    const bytes = Buffer.concat([name, value ?? new Uint8Array()])
    finder.see(bytes, 0, name.length, value === null ? -1 : name.length, bytes.length)
  }
  return finder.take()
}

function isName(name: Buffer, bytes: Uint8Array, start: number, length: number): boolean {
  if (length !== name.length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== name[i]) return false
  return true
}

function isTraceparent(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (length < PARENT_BYTES || length > LONGEST_PARENT) return false
  for (let i = 0; i < PARENT_BYTES; i++) {
    const byte = bytes[start + i]!
    const isDash = i === TRACE_ID - 1 || i === SPAN_ID - 1 || i === FLAGS - 1
    if (isDash ? byte !== MINUS : !isHexDigit(byte)) return false
  }
  if (bytes[start] === LOWER_F && bytes[start + 1] === LOWER_F) return false
  const isFirst = bytes[start] === ZERO && bytes[start + 1] === ZERO
  if (length > PARENT_BYTES && (isFirst || bytes[start + PARENT_BYTES] !== MINUS)) return false
  return (
    !isZero(bytes, start + TRACE_ID, start + SPAN_ID - 1) &&
    !isZero(bytes, start + SPAN_ID, start + FLAGS - 1)
  )
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= LOWER_A && byte <= LOWER_F)
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== ZERO) return false
  return true
}

function pack(
  out: Buffer,
  at: number,
  name: Buffer,
  bytes: Uint8Array,
  start: number,
  end: number
): number {
  out.writeInt32LE(name.length, at)
  out.writeInt32LE(end - start, at + PACKED_NUMBER)
  let pos = at + 2 * PACKED_NUMBER
  for (let i = 0; i < name.length; i++) out[pos++] = name[i]!
  for (let i = start; i < end; i++) out[pos++] = bytes[i]!
  return pos
}
