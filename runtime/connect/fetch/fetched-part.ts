import { allocateBytes, type ByteRegion, releaseBytes } from '../../codec/arena.ts'
import { during } from '../../observe/doing.ts'
import { openDecompressor } from '../wire/decompress.ts'
import type { FetchedPartition } from '../wire/fetch.ts'
import type { Answer } from '../wire/frame-reader.ts'
import { type BatchHead, CRC_END, HEAD_BYTES, readBatchHead } from '../wire/record-batch.ts'
import type { RecordRun } from '../wire/record-run.ts'
import { crc32c } from '../wire/crc32c.ts'
import { AbortedRecords } from './aborted-records.ts'
import type { PartitionCursor } from './partition-cursor.ts'

/** An answer whose parts are read one by one, and which goes when the last one is done. */
export class SharedAnswer {
  readonly #answer: Answer
  readonly #released: () => void
  #parts = 0

  constructor(answer: Answer, released: () => void) {
    this.#answer = answer
    this.#released = released
  }

  get bytes(): Uint8Array {
    return this.#answer.bytes
  }

  get size(): number {
    return this.#answer.end - this.#answer.start
  }

  hold(): void {
    this.#parts++
  }

  release(): void {
    if (--this.#parts > 0) return
    this.#answer.release()
    this.#released()
  }
}

/** What can't be read will not be read by reading on: it is fetched again. */
export class CorruptRecords extends Error {}

/** Records of one batch, and what is to be known of them. */
export interface BatchRun {
  readonly run: RecordRun
  readonly head: BatchHead
}

/** What was fetched of a partition: record batches, one after the other, read once. */
export class FetchedPart {
  readonly cursor: PartitionCursor
  readonly #version: number
  readonly #answer: SharedAnswer
  readonly #view: DataView
  readonly #end: number
  readonly #aborted: AbortedRecords
  /** Unpacked records. */
  readonly #unpacked: ByteRegion[] = []
  /** There is no whole batch in it. */
  readonly isEmpty: boolean
  #pos: number
  #isReleased = false

  constructor(
    cursor: PartitionCursor,
    answer: SharedAnswer,
    { start, end, aborted }: FetchedPartition
  ) {
    this.cursor = cursor
    this.#version = cursor.version
    this.#answer = answer
    this.#pos = start
    this.#end = end
    this.#aborted = new AbortedRecords(aborted)
    const { buffer, byteOffset, byteLength } = answer.bytes
    this.#view = new DataView(buffer, byteOffset, byteLength)
    answer.hold()
    cursor.waiting++
    this.isEmpty = !this.#passOn()
  }

  /** Moves the cursor behind what was fetched; false: nothing was. */
  #passOn(): boolean {
    let last: BatchHead | null = null
    for (let pos = this.#pos; ; pos = last.end) {
      const head = readBatchHead(this.#view, pos, this.#end)
      if (head === null) break
      last = head
    }
    if (last === null) return false
    this.cursor.fetched = last.lastOffset + 1
    this.cursor.lastEpoch = last.leaderEpoch
    return true
  }

  /** Nobody wants it any more. */
  get isOld(): boolean {
    return this.#version !== this.cursor.version
  }

  /** The next batch with records for readers; null: there is none left. Throws CorruptRecords. */
  async next(): Promise<BatchRun | null> {
    const { bytes } = this.#answer
    for (;;) {
      const head = readBatchHead(this.#view, this.#pos, this.#end)
      // Brokers cut the last batch where the answer is full.
      if (head === null) return null
      if (head.magic !== 2)
        throw new CorruptRecords(
          `offset ${head.baseOffset} is in the message format ${head.magic} of before Kafka 0.11`
        )
      this.#pos = head.end
      during('reading', () => this.#check(head))
      const isWanted = !this.#aborted.has(head, bytes) && !head.isControl
      if (isWanted && head.lastOffset >= this.cursor.read && head.count > 0)
        return { head, run: await this.#unpack(head) }
    }
  }

  /** Nobody may read its records afterwards. */
  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.cursor.waiting--
    for (const region of this.#unpacked) releaseBytes(region)
    this.#answer.release()
  }

  #check({ baseOffset, crc, start, end }: BatchHead): void {
    if (crc32c(this.#answer.bytes, start - HEAD_BYTES + CRC_END, end) !== crc)
      throw new CorruptRecords(`the checksum of the batch at offset ${baseOffset} is wrong`)
  }

  async #unpack(head: BatchHead): Promise<RecordRun> {
    const { start, end, compression, baseOffset, baseTime, count } = head
    const { bytes } = this.#answer
    const shared = { baseOffset, baseTime, left: count }
    if (compression === 0) return { bytes, pos: start, end, ...shared }
    const decompress = await openDecompressor(compression)
    let records: Uint8Array
    try {
      records = during('reading', () => decompress!(bytes.subarray(start, end)))
    } catch (error) {
      const reason = (error as Error).message
      throw new CorruptRecords(`the batch at offset ${baseOffset} can't be unpacked: ${reason}`)
    }
    const region = allocateBytes(records.length)
    this.#unpacked.push(region)
    region.bytes.set(records, region.start)
    return { bytes: region.bytes, pos: region.start, end: region.start + records.length, ...shared }
  }
}
