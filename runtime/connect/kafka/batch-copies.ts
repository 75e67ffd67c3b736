import type { OutputBatch } from '../../contract/index.ts'
import { SpareMemory } from '../spare-memory.ts'

/** What is kept for later copies at most, in bytes: two commits, 100 ms apart, of a pipeline that writes a million records a second. */
const MOST_KEPT = 24 << 20
/** What a record takes in all columns, in bytes. */
const COLUMN_BYTES = 5 * 4 + 2 * 8 + 1

/** A copy of a batch, whose memory is used again when it is released. */
export interface BatchCopy {
  readonly batch: OutputBatch
  release(): void
}

/** Room for the bytes and the columns of a batch. */
type Room = Omit<OutputBatch, 'count' | 'end' | 'headers'>

/** Copies of batches, into memory of copies that nobody wants any more. */
export class BatchCopies {
  readonly #spare = new SpareMemory<Room>(MOST_KEPT, sizeOf)

  take(batch: OutputBatch): BatchCopy {
    const { count, end } = batch
    const room = this.#roomFor(count, end)
    room.bytes.set(batch.bytes.subarray(0, end))
    room.keyStart.set(batch.keyStart.subarray(0, count))
    room.keyEnd.set(batch.keyEnd.subarray(0, count))
    room.valueStart.set(batch.valueStart.subarray(0, count))
    room.valueEnd.set(batch.valueEnd.subarray(0, count))
    room.partition.set(batch.partition.subarray(0, count))
    room.offset.set(batch.offset.subarray(0, count))
    room.timestamp.set(batch.timestamp.subarray(0, count))
    room.op.set(batch.op.subarray(0, count))
    const bytes = room.bytes.subarray(0, end)
    const headers = batch.headers?.slice(0, count) ?? null
    return {
      batch: { ...room, bytes, count, headers, end },
      release: () => this.#spare.give(room)
    }
  }

  /** One that is too small is forgotten: batches have grown. */
  #roomFor(count: number, end: number): Room {
    for (let room = this.#spare.take(); room !== null; room = this.#spare.take()) {
      if (room.bytes.length >= end && room.op.length >= count) return room
    }
    return makeRoom(powerOfTwo(count), powerOfTwo(end))
  }
}

function makeRoom(records: number, bytes: number): Room {
  return {
    bytes: new Uint8Array(bytes),
    keyStart: new Int32Array(records),
    keyEnd: new Int32Array(records),
    valueStart: new Int32Array(records),
    valueEnd: new Int32Array(records),
    partition: new Int32Array(records),
    offset: new Float64Array(records),
    timestamp: new Float64Array(records),
    op: new Uint8Array(records)
  }
}

function sizeOf({ bytes, op }: Room): number {
  return bytes.length + op.length * COLUMN_BYTES
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)))
}
