import { gzipSync } from 'node:zlib'
import { crc32c } from '../../runtime/connect/wire/crc32c.ts'

/** A record as a test writes it into a batch. */
export interface BatchRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly (readonly [key: string, value: Uint8Array | null])[]
}

export interface BatchOptions {
  readonly compression?: 'gzip'
  readonly isControl?: boolean
  readonly isAppendTime?: boolean
  /** Of a transaction of this producer. */
  readonly producer?: number
}

/** The records one behind the other, as a batch holds them. */
export function encodeRecords(records: readonly BatchRecord[], base: number, time: number): Buffer {
  return Buffer.concat(
    records.map(({ offset, timestamp, key, value, headers = [] }) => {
      const body = Buffer.concat([
        Buffer.from([0]),
        varint(timestamp - time),
        varint(offset - base),
        part(key),
        part(value),
        varint(headers.length),
        ...headers.flatMap(([name, content]) => [part(Buffer.from(name)), part(content)])
      ])
      return Buffer.concat([varint(body.length), body])
    })
  )
}

/** A record batch of the format 2. */
export function encodeBatch(records: readonly BatchRecord[], options: BatchOptions = {}): Buffer {
  const base = records[0]!.offset
  const time = records[0]!.timestamp
  const plain = encodeRecords(records, base, time)
  const packed = options.compression === 'gzip' ? gzipSync(plain) : plain
  const head = Buffer.alloc(61)
  head.writeBigInt64BE(BigInt(base), 0)
  head.writeInt32BE(head.length - 12 + packed.length, 8)
  head.writeInt32BE(7, 12)
  head.writeInt8(2, 16)
  const attributes =
    (options.compression === 'gzip' ? 1 : 0) |
    (options.isAppendTime === true ? 8 : 0) |
    (options.producer === undefined ? 0 : 16) |
    (options.isControl === true ? 32 : 0)
  head.writeInt16BE(attributes, 21)
  head.writeInt32BE(records.at(-1)!.offset - base, 23)
  head.writeBigInt64BE(BigInt(time), 27)
  head.writeBigInt64BE(BigInt(Math.max(...records.map(({ timestamp }) => timestamp))), 35)
  head.writeBigInt64BE(BigInt(options.producer ?? -1), 43)
  head.writeInt32BE(records.length, 57)
  const batch = Buffer.concat([head, packed])
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17)
  return batch
}

/** What ends a transaction in a partition. */
export function encodeMark(offset: number, producer: number, isCommit: boolean): Buffer {
  const key = Buffer.from([0, 0, 0, isCommit ? 1 : 0])
  const record = { offset, timestamp: 0, key, value: Buffer.alloc(6) }
  return encodeBatch([record], { isControl: true, producer })
}

function part(bytes: Uint8Array | null): Uint8Array {
  return bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes])
}

function varint(value: number): Uint8Array {
  let left = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  const bytes: number[] = []
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80)
  bytes.push(Number(left))
  return Uint8Array.from(bytes)
}
