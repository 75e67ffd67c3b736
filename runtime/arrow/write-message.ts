import { type FlatFields, type FlatValue, writeFlat } from './flat-writer.ts'
import { BATCH, SCHEMA } from './read-messages.ts'

/** What a record batch is made of, in the order of its fields. */
export class BatchParts {
  /** Length and NULLs of each vector. */
  readonly nodes: number[] = []
  readonly buffers: Uint8Array[] = []
  /** Of each vector of views: how many buffers it has. */
  readonly views: number[] = []

  node(length: number, nulls: number): void {
    this.nodes.push(length, nulls)
  }
}

export const END_OF_STREAM = /* @__PURE__ */ Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)

const VERSION: FlatValue = { kind: 'short', value: 4 }

export function byte(value: number): FlatValue {
  return { kind: 'byte', value }
}

export function long(value: number): FlatValue {
  return { kind: 'long', value }
}

/** The message of a schema with these tables of fields. */
export function writeSchema(fields: readonly FlatFields[]): Uint8Array {
  const schema: FlatValue = { kind: 'table', fields: [null, { kind: 'tables', items: fields }] }
  return frame(writeFlat([VERSION, byte(SCHEMA), schema, long(0)]), [])
}

/** The message of a record batch. */
export function writeBatch(rows: number, { nodes, buffers, views }: BatchParts): Uint8Array {
  const places: number[] = []
  let length = 0
  for (const buffer of buffers) {
    places.push(length, buffer.length)
    length += padded(buffer.length)
  }
  const batch: FlatFields = [
    long(rows),
    { kind: 'longs', values: nodes, width: 2 },
    { kind: 'longs', values: places, width: 2 },
    null,
    views.length === 0 ? null : { kind: 'longs', values: views, width: 1 }
  ]
  const header: FlatValue = { kind: 'table', fields: batch }
  return frame(writeFlat([VERSION, byte(BATCH), header, long(length)]), buffers)
}

function padded(length: number): number {
  return (length + 7) & ~7
}

function frame(metadata: Uint8Array, buffers: readonly Uint8Array[]): Uint8Array {
  const head = 8 + metadata.length
  const size = buffers.reduce((sum, { length }) => sum + padded(length), head)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xffffffff, true)
  view.setInt32(4, metadata.length, true)
  bytes.set(metadata, 8)
  let pos = head
  for (const buffer of buffers) {
    bytes.set(buffer, pos)
    pos += padded(buffer.length)
  }
  return bytes
}
