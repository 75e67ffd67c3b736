import { FlatTable, longAt } from './flat-table.ts'

/** Kinds of messages: https://github.com/apache/arrow/blob/main/format/Message.fbs */
export const SCHEMA = 1
export const DICTIONARY = 2
export const BATCH = 3

export interface Message {
  readonly kind: number
  readonly header: FlatTable
  /** Before version 5 of the metadata unions had a bitmap of NULLs. */
  readonly version: number
  /** Where the message begins and what it says, before its body: absolute positions. */
  readonly start: number
  readonly bodyStart: number
  readonly bodyEnd: number
  /** False: the schema of a file that has it in its footer only. */
  readonly isFramed: boolean
}

const CONTINUATION = 0xffffffff
const MAGIC = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]
/** Magic and padding before the first message of a file. */
const FILE_HEAD = 8
/** The footer's length and the magic behind it. */
const FILE_TAIL = 10
const BLOCK = 24
const OLDEST = 4

/**
 * The messages of an Arrow IPC stream, or of a file: schema, dictionaries, record batches. Throws a RangeError where it is cut off or
 * damaged: what a message names is checked to be inside of it.
 */
export function readMessages(bytes: Uint8Array, start: number, end: number): Message[] {
  return isFile(bytes, start, end)
    ? fileMessages(bytes, start, end)
    : streamMessages(bytes, start, end)
}

function isFile(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= FILE_HEAD && MAGIC.every((byte, i) => bytes[start + i] === byte)
}

/** https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format */
function streamMessages(bytes: Uint8Array, start: number, end: number): Message[] {
  const messages: Message[] = []
  for (let pos = start; pos < end;) {
    const message = messageAt(bytes, pos, end)
    // The end of a stream may be told; nothing may follow it.
    if (message === null) {
      if (pos + lengthOfEnd(bytes, pos) !== end) throw new RangeError('bytes behind the end')
      break
    }
    messages.push(message)
    pos = message.bodyEnd
  }
  return messages
}

function lengthOfEnd(bytes: Uint8Array, pos: number): number {
  return bytes[pos] === 0xff ? 8 : 4
}

/** The footer says where they are. */
function fileMessages(bytes: Uint8Array, start: number, end: number): Message[] {
  if (!MAGIC.every((byte, i) => bytes[end - MAGIC.length + i] === byte)) {
    throw new RangeError('a file without its end')
  }
  const whole = viewOf(bytes, start, end)
  const footerEnd = whole.byteLength - FILE_TAIL
  const footerStart = footerEnd - whole.getInt32(footerEnd, true)
  if (footerStart < FILE_HEAD || footerStart > footerEnd) throw new RangeError('no footer')
  const footer = FlatTable.root(viewOf(bytes, start + footerStart, start + footerEnd))
  const blocks = (field: number): Message[] => {
    const { start: first, count } = footer.structs(field, BLOCK)
    return Array.from({ length: count }, (_, i) => {
      const at = longAt(footer.view, first + i * BLOCK)
      const message = messageAt(bytes, start + at, end)
      if (message === null) throw new RangeError('no message')
      return message
    })
  }
  return [
    schemaOf(bytes, start, start + footerStart, start + footerEnd, footer),
    ...blocks(2),
    ...blocks(3)
  ]
}

/** Most writers put it before the batches too. */
function schemaOf(
  bytes: Uint8Array,
  start: number,
  footerStart: number,
  footerEnd: number,
  footer: FlatTable
): Message {
  const first = messageAt(bytes, start + FILE_HEAD, footerStart)
  if (first?.kind === SCHEMA) return first
  const header = footer.table(1)
  if (header === null) throw new RangeError('no schema')
  const place = { start: footerStart, bodyStart: footerEnd, bodyEnd: footerEnd }
  return { kind: SCHEMA, header, version: footer.short(0) + 1, ...place, isFramed: false }
}

/** Null: the end is told here. */
function messageAt(bytes: Uint8Array, start: number, end: number): Message | null {
  const prefix = viewOf(bytes, start, end)
  const isMarked = prefix.getUint32(0, true) === CONTINUATION
  const head = isMarked ? 8 : 4
  const size = prefix.getInt32(head - 4, true)
  if (size === 0) return null
  const bodyStart = start + head + size
  if (size < 0 || bodyStart > end) throw new RangeError('a message is cut off')
  const table = FlatTable.root(viewOf(bytes, start + head, bodyStart))
  const version = table.short(0) + 1
  if (version < OLDEST) throw new RangeError('a version before Arrow 0.8')
  const header = table.table(2)
  const bodyEnd = bodyStart + table.long(3)
  if (header === null || bodyEnd > end) throw new RangeError('a body is cut off')
  const place = { start, bodyStart, bodyEnd }
  return { kind: table.byte(1), header, version, ...place, isFramed: true }
}

function viewOf(bytes: Uint8Array, start: number, end: number): DataView {
  if (start > end) throw new RangeError('outside')
  return new DataView(bytes.buffer, bytes.byteOffset + start, end - start)
}
