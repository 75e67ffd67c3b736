import { isUtf8 } from 'node:buffer'
import { validateJson } from '../codec/index.ts'
import { ArrowFault } from './arrow-fault.ts'
import type { ArrowVector } from './arrow-vector.ts'
import { offsetReader } from './offset-reader.ts'
import type { ReadContext } from './read-context.ts'

type ReadBytes = (row: number) => Uint8Array

/** TEXT: UTF-8 is checked. */
export function textReader(vector: ArrowVector, cx: ReadContext): ((row: number) => string) | null {
  const read = isText(vector) ? rangeReader(vector, cx) : null
  return read === null ? null : row => textOf(read(row))
}

/** JSON: a text that is some. */
export function jsonReader(vector: ArrowVector, cx: ReadContext): ((row: number) => string) | null {
  const read = isText(vector) ? rangeReader(vector, cx) : null
  if (read === null) return null
  return row => {
    const bytes = read(row)
    const text = textOf(bytes)
    if (!validateJson(bytes, 0, bytes.length)) {
      throw new ArrowFault('malformed-json', 'the text is not valid JSON')
    }
    return text
  }
}

/** BYTES, of a length of its own or of the type's. The bytes stay when those of the record are gone. */
export function bytesReader(vector: ArrowVector, cx: ReadContext): ReadBytes | null {
  const read = isText(vector) ? null : rangeReader(vector, cx)
  return read === null ? null : row => new Uint8Array(read(row))
}

function isText({ type }: ArrowVector): boolean {
  return type.kind === 'Utf8' || type.kind === 'Utf8View'
}

function rangeReader(vector: ArrowVector, cx: ReadContext): ReadBytes | null {
  const { type, buffers, length } = vector
  switch (type.kind) {
    case 'Utf8':
    case 'Binary': {
      const { bytes } = buffers[1]!
      const offset = offsetReader(buffers[0]!, type.wide, length, bytes.length)
      return row => bytes.subarray(offset(row), offset(row + 1))
    }
    case 'FixedBinary': {
      const { size } = type
      const { bytes } = buffers[0]!
      if (length * size > bytes.length) throw new RangeError('a buffer is too short')
      return row => bytes.subarray(row * size, (row + 1) * size)
    }
    case 'Utf8View':
    case 'BinaryView':
      return viewReader(vector, cx)
    default:
      return null
  }
}

const VIEW = 16
/** Values of so many bytes stand in the view itself. */
const SHORT = 12

/** https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout */
function viewReader({ buffers }: ArrowVector, cx: ReadContext): ReadBytes {
  const [views, ...data] = buffers
  const { bytes, view } = views!
  return row => {
    const at = row * VIEW
    const size = view.getInt32(at, true)
    if (size >= 0 && size <= SHORT) return bytes.subarray(at + 4, at + 4 + size)
    const buffer = data[view.getInt32(at + 8, true)]?.bytes
    const start = view.getInt32(at + 12, true)
    if (size < 0 || start < 0 || buffer === undefined || start + size > buffer.length) {
      throw new RangeError('a view ends outside')
    }
    cx.spend(size)
    return buffer.subarray(start, start + size)
  }
}

function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new ArrowFault('invalid-utf8', 'the text is not valid UTF-8')
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
}
