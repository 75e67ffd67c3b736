import { type ArrowVector, isValid } from './arrow-vector.ts'
import { longAt } from './flat-table.ts'
import { booleanReader, integerReader } from './number-reader.ts'
import type { FoundBatch } from './record-batches.ts'
import { BatchParts, END_OF_STREAM, writeBatch } from './write-message.ts'

/**
 * A stream of one row of a batch, with all of its columns: the schema and the dictionaries as they came, and a batch of that row. Null
 * where a column that nobody reads is damaged, or the schema stands in a file's footer only.
 */
export function sliceRow(found: FoundBatch, row: number): Uint8Array | null {
  const { bytes, fields, schema, dictionaries, version } = found
  // Unions had a bitmap then, of which the batch that is written would say nothing.
  if (version < 5 || !schema.isFramed) return null
  try {
    const reader = found.open()
    const parts = new BatchParts()
    for (const field of fields) slice(reader.read(field), row, row + 1, parts)
    const before = [schema, ...dictionaries].map(({ start, bodyEnd }) =>
      bytes.subarray(start, bodyEnd)
    )
    return Buffer.concat([...before, writeBatch(1, parts), END_OF_STREAM])
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null
    throw error
  }
}

/** The values from `start` to before `end`, with all that is inside of them. */
function slice(vector: ArrowVector, start: number, end: number, out: BatchParts): void {
  const { type } = vector
  if (end > vector.length || end < start) throw new RangeError('outside')
  out.node(end - start, nullsIn(vector, start, end))
  if (type.kind !== 'Null' && type.kind !== 'Union' && type.kind !== 'RunEnds') {
    out.buffers.push(bitmap(vector, start, end))
  }
  sliceValues(vector, start, end, out)
}

function nullsIn(vector: ArrowVector, start: number, end: number): number {
  if (vector.type.kind === 'Null') return end - start
  let nulls = 0
  for (let row = start; row < end; row++) if (!isValid(vector, row)) nulls++
  return nulls
}

function bitmap(vector: ArrowVector, start: number, end: number): Uint8Array {
  if (vector.valid === null) return new Uint8Array(0)
  return bitsOf(row => isValid(vector, row), start, end)
}

function bitsOf(isSet: (row: number) => boolean, start: number, end: number): Uint8Array {
  const bits = new Uint8Array((end - start + 7) >> 3)
  for (let row = start; row < end; row++) {
    if (isSet(row)) bits[(row - start) >> 3]! |= 1 << ((row - start) & 7)
  }
  return bits
}

function sliceValues(vector: ArrowVector, start: number, end: number, out: BatchParts): void {
  const { type, buffers, children } = vector
  switch (type.kind) {
    case 'Null':
      return
    case 'Bool':
      out.buffers.push(bitsOf(booleanReader(vector)!, start, end))
      return
    case 'Utf8':
    case 'Binary': {
      const [from, to] = sliceOffsets(vector, type.wide, start, end, out)
      out.buffers.push(bytesOf(buffers[1]!.bytes, from, to))
      return
    }
    case 'List':
    case 'Map': {
      const [from, to] = sliceOffsets(vector, type.kind === 'List' && type.wide, start, end, out)
      return slice(children[0]!, from, to, out)
    }
    case 'FixedList':
      return slice(children[0]!, start * type.size, end * type.size, out)
    case 'Struct':
      for (const child of children) slice(child, start, end, out)
      return
    default:
      return sliceOthers(vector, start, end, out)
  }
}

function sliceOthers(vector: ArrowVector, start: number, end: number, out: BatchParts): void {
  switch (vector.type.kind) {
    case 'Utf8View':
    case 'BinaryView':
      return sliceViews(vector, start, end, out)
    case 'ListView':
    case 'Union':
    case 'RunEnds':
      return sliceRare(vector, start, end, out)
    default: {
      const width = widthOf(vector)
      out.buffers.push(bytesOf(vector.buffers[0]!.bytes, start * width, end * width))
    }
  }
}

function bytesOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (end > bytes.length) throw new RangeError('outside')
  return bytes.subarray(start, end)
}

/** Of a value, in bytes. */
function widthOf({ type }: ArrowVector): number {
  switch (type.kind) {
    case 'Int':
    case 'Float':
    case 'Decimal':
    case 'Time':
      return type.bits / 8
    case 'FixedBinary':
      return type.size
    case 'Date':
      return type.unit === 'd' ? 4 : 8
    case 'Interval':
      return { months: 4, days: 8, nanos: 16 }[type.unit]
    default:
      return 8
  }
}

/** Writes offsets that begin at 0, and answers where what they are of begins and ends. */
function sliceOffsets(
  { buffers, length }: ArrowVector,
  wide: boolean,
  start: number,
  end: number,
  out: BatchParts
): readonly [from: number, to: number] {
  const { view } = buffers[0]!
  const read = (row: number): number =>
    length === 0 ? 0 : wide ? longAt(view, row * 8) : view.getInt32(row * 4, true)
  const first = read(start)
  const bytes = new Uint8Array((end - start + 1) * (wide ? 8 : 4))
  const offsets = new DataView(bytes.buffer)
  for (let row = start; row <= end; row++) {
    const offset = read(row) - first
    if (offset < 0) throw new RangeError('offsets go back')
    if (wide) offsets.setBigInt64((row - start) * 8, BigInt(offset), true)
    else offsets.setInt32((row - start) * 4, offset, true)
  }
  out.buffers.push(bytes)
  return [first, read(end)]
}

/** Views of longer values refer to one buffer, which holds them behind one another. */
function sliceViews({ buffers }: ArrowVector, start: number, end: number, out: BatchParts): void {
  const [views, ...data] = buffers
  const bytes = new Uint8Array(bytesOf(views!.bytes, start * 16, end * 16))
  const view = new DataView(bytes.buffer)
  const values: Uint8Array[] = []
  let length = 0
  for (let at = 0; at < bytes.length; at += 16) {
    const size = view.getInt32(at, true)
    if (size <= 12) continue
    const from = view.getInt32(at + 12, true)
    values.push(bytesOf(data[view.getInt32(at + 8, true)]!.bytes, from, from + size))
    view.setInt32(at + 8, 0, true)
    view.setInt32(at + 12, length, true)
    length += size
  }
  out.buffers.push(bytes)
  out.views.push(values.length === 0 ? 0 : 1)
  if (values.length > 0) out.buffers.push(Buffer.concat(values))
}

/** One value each: lists of views, unions and runs are cut for single rows only, the others are none of their own. */
function sliceRare(vector: ArrowVector, start: number, end: number, out: BatchParts): void {
  const { type, buffers, children } = vector
  if (end - start !== 1) throw new RangeError('not cut')
  if (type.kind === 'ListView') {
    const at = (buffer: number): number => {
      const { view } = buffers[buffer]!
      return type.wide ? longAt(view, start * 8) : view.getInt32(start * 4, true)
    }
    const [from, size] = [at(0), at(1)]
    const width = type.wide ? 8 : 4
    out.buffers.push(new Uint8Array(width))
    out.buffers.push(bytesOf(buffers[1]!.bytes, start * width, end * width))
    slice(children[0]!, from, from + size, out)
  } else if (type.kind === 'Union') sliceUnion(vector, type, start, out)
  else sliceRun(vector, start, out)
}

function sliceUnion(
  { buffers, children }: ArrowVector,
  { dense, ids }: { readonly dense: boolean; readonly ids: readonly number[] },
  row: number,
  out: BatchParts
): void {
  const id = buffers[0]!.view.getInt8(row)
  out.buffers.push(Uint8Array.of(id))
  if (!dense) {
    for (const child of children) slice(child, row, row + 1, out)
    return
  }
  const at = buffers[1]!.view.getInt32(row * 4, true)
  const used = ids.length === 0 ? id : ids.indexOf(id)
  out.buffers.push(new Uint8Array(4))
  children.forEach((child, i) => slice(child, i === used ? at : 0, i === used ? at + 1 : 0, out))
}

function sliceRun({ children: [ends, values] }: ArrowVector, row: number, out: BatchParts): void {
  const end = integerReader(ends!, 'Int')!
  let run = 0
  while ((end(run) as number) <= row) run++
  out.node(1, 0)
  const width = widthOf(ends!)
  const bytes = new Uint8Array(width)
  bytes[0] = 1
  out.buffers.push(new Uint8Array(0), bytes)
  slice(values!, run, run + 1, out)
}
