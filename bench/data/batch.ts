import { allocateBytes } from '../../runtime/codec/index.ts'

/** Records back to back in the arena, as a consumer's adapter leaves them. */
export interface RecordBatch {
  readonly bytes: Uint8Array
  readonly count: number
  readonly start: Int32Array
  readonly end: Int32Array
}

/** `count` records of a generator, put into the arena; `elsewhere` puts them into a buffer of their own. */
export function makeBatch(
  generate: (n: number) => Uint8Array,
  count: number,
  elsewhere = false
): RecordBatch {
  const records = Array.from({ length: count }, (_, n) => generate(n))
  const size = records.reduce((sum, record) => sum + record.length, 0)
  const region = elsewhere
    ? { bytes: new Uint8Array(size), start: 0, end: size }
    : allocateBytes(size)
  const start = new Int32Array(count)
  const end = new Int32Array(count)
  let pos = region.start
  records.forEach((record, i) => {
    region.bytes.set(record, pos)
    start[i] = pos
    pos += record.length
    end[i] = pos
  })
  return { bytes: region.bytes, count, start, end }
}
