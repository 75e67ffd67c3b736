import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** What a checkpoint says of itself: only the one that fits is read. */
export interface CheckpointHead {
  /** The identity of the state that it is of: another cluster's has another. */
  readonly state: string
  /** Of the table's layout. */
  readonly fingerprint: string
  /** The offset of the changelog from which changes have to be read again. */
  readonly offset: number
  /** When that was its end, in ms of the wall clock. */
  readonly written: number
}

export interface CheckpointRow {
  readonly key: Uint8Array
  readonly row: Uint8Array
}

/** Rows that stand together, with their keys: each is a JSON value, as a changelog spells it. */
export interface CheckpointBlock {
  readonly count: number
  /** A JSON array of all keys. */
  readonly keys: Buffer
  /** A JSON array of all rows. */
  readonly rows: Buffer
  /** Bytes of each key, then of each row. */
  readonly lengths: Int32Array
}

const FORMAT = 'miraclec checkpoint 2'
const CHUNK = 1 << 20
/** So many bytes of rows are encoded at a time, in a few milliseconds: others wait meanwhile. */
const TURN_BYTES = 1 << 17
/** Bytes of keys, bytes of rows, and how many there are. */
const BLOCK_HEAD = 12
const OPEN = 0x5b
const COMMA = 0x2c
const CLOSE = 0x5d

/**
 * Writes a table's rows to `path`: a line with the head, blocks, and a CRC-32 of all before it. A block has three numbers of 32
 * bits, little endian: bytes of its keys, bytes of its rows, and their number; as many lengths of keys and of rows; the keys, then the
 * rows, each as one JSON array, so that whoever reads them parses all of a block at once. Gives way to other work after each block.
 */
export async function writeCheckpoint(
  path: string,
  head: CheckpointHead,
  rows: Iterable<CheckpointRow>
): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    const block = new BlockWriter()
    let crc = 0
    const write = async (bytes: Buffer): Promise<void> => {
      crc = crc32(bytes, crc)
      // A write may stop half-way where the disk is nearly full: this one goes on, and fails where there is no more room.
      await file.appendFile(bytes)
    }
    await write(Buffer.from(`${FORMAT} ${JSON.stringify(head)}\n`))
    for (const row of rows) {
      block.add(row)
      if (block.size >= TURN_BYTES) await write(block.take())
    }
    if (block.size > 0) await write(block.take())
    const end = Buffer.allocUnsafe(4)
    end.writeUInt32LE(crc, 0)
    await file.appendFile(end)
    await file.sync()
  } finally {
    await file.close()
  }
}

class BlockWriter {
  readonly #keys = new ArrayWriter()
  readonly #rows = new ArrayWriter()

  get size(): number {
    return this.#keys.size + this.#rows.size
  }

  add({ key, row }: CheckpointRow): void {
    this.#keys.add(key)
    this.#rows.add(row)
  }

  /** All that was added, as it is written. */
  take(): Buffer {
    const [keys, rows] = [this.#keys, this.#rows].map(part => part.take())
    const head = Int32Array.of(keys!.bytes.length, rows!.bytes.length, keys!.lengths.length)
    const lengths = Int32Array.from([...keys!.lengths, ...rows!.lengths])
    return Buffer.concat([bytesOf(head), bytesOf(lengths), keys!.bytes, rows!.bytes])
  }
}

/** JSON values as one array, in memory that is used again: a million rows are two million values. */
class ArrayWriter {
  #bytes = Buffer.allocUnsafeSlow(2 * TURN_BYTES)
  #lengths: number[] = []
  size = 0

  add(value: Uint8Array): void {
    const { size } = this
    if (size + value.length + 2 > this.#bytes.length) this.#makeRoom(value.length + 2)
    this.#bytes[size] = size === 0 ? OPEN : COMMA
    this.#bytes.set(value, size + 1)
    this.#lengths.push(value.length)
    this.size = size + 1 + value.length
  }

  /** All of them; the bytes are valid until more are added. */
  take(): { readonly bytes: Uint8Array; readonly lengths: readonly number[] } {
    const lengths = this.#lengths
    const bytes = this.#bytes.subarray(0, this.size + 1)
    bytes[this.size] = CLOSE
    this.#lengths = []
    this.size = 0
    return { bytes, lengths }
  }

  #makeRoom(length: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (this.size + length))
    this.#bytes.copy(larger, 0, 0, this.size)
    this.#bytes = larger
  }
}

/** All machines that this runs on have the lowest byte first. */
function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The head of a checkpoint that is whole; null: there is none, or it is damaged or can't be read. Reads the file once. */
export function checkCheckpoint(path: string): CheckpointHead | null {
  let reader: Reader | null = null
  try {
    reader = openReader(path)
    if (reader === null) return null
    let crc = 0
    for (let left = reader.length; left > 0;) {
      const bytes = reader.take(Math.min(left, CHUNK))
      crc = crc32(bytes, crc)
      left -= bytes.length
    }
    if (reader.end().readUInt32LE(0) !== crc) return null
  } catch {
    return null
  } finally {
    reader?.close()
  }
  return readHead(path)
}

function readHead(path: string): CheckpointHead | null {
  const reader = openReader(path)
  try {
    const line = reader?.takeLine() ?? ''
    return line.startsWith(`${FORMAT} `)
      ? (JSON.parse(line.slice(FORMAT.length + 1)) as CheckpointHead)
      : null
  } catch {
    return null
  } finally {
    reader?.close()
  }
}

/** The blocks of a checkpoint that `checkCheckpoint` found whole; each is valid until the next. */
export function* readCheckpoint(path: string): Generator<CheckpointBlock> {
  const reader = openReader(path)
  if (reader === null) return
  try {
    reader.takeLine()
    while (reader.left > 0) yield takeBlock(reader)
  } finally {
    reader.close()
  }
}

function takeBlock(reader: Reader): CheckpointBlock {
  const head = reader.take(BLOCK_HEAD)
  const [keyBytes, rowBytes, count] = [0, 4, 8].map(at => head.readUInt32LE(at))
  // A copy: numbers of 32 bits have to stand at a multiple of four bytes.
  const lengths = new Int32Array(new Uint8Array(reader.take(8 * count!)).buffer)
  const bytes = reader.take(keyBytes! + rowBytes!)
  const [keys, rows] = [bytes.subarray(0, keyBytes), bytes.subarray(keyBytes)]
  return { count: count!, keys, rows, lengths }
}

/** The rows of a block one by one, for those who can't take all at once. */
export function visitRows(
  { count, keys, rows, lengths }: CheckpointBlock,
  visit: (row: CheckpointRow) => void
): void {
  let keyAt = 1
  let rowAt = 1
  for (let i = 0; i < count; i++) {
    const keyEnd = keyAt + lengths[i]!
    const rowEnd = rowAt + lengths[count + i]!
    visit({ key: keys.subarray(keyAt, keyEnd), row: rows.subarray(rowAt, rowEnd) })
    keyAt = keyEnd + 1
    rowAt = rowEnd + 1
  }
}

interface Reader {
  /** Bytes before the checksum. */
  readonly length: number
  readonly left: number
  /** The next bytes, valid until the next call. */
  take(count: number): Buffer
  takeLine(): string
  /** The checksum. */
  end(): Buffer
  close(): void
}

/** Null: there is no such file. */
function openReader(path: string): Reader | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < 4) return null
  const file = openSync(path, 'r')
  let buffer: Buffer = Buffer.alloc(0)
  let position = 0
  let taken = 0
  const fill = (count: number): void => {
    if (buffer.length >= count) return
    const more = Buffer.allocUnsafe(Math.max(CHUNK, count))
    const read = readSync(file, more, 0, more.length, position)
    position += read
    buffer = Buffer.concat([buffer, more.subarray(0, read)])
    if (buffer.length < count) throw new Error(`${path} ends too early`)
  }
  const take = (count: number): Buffer => {
    fill(count)
    const bytes = buffer.subarray(0, count)
    buffer = buffer.subarray(count)
    taken += count
    return bytes
  }
  return {
    length: size - 4,
    get left() {
      return size - 4 - taken
    },
    take,
    takeLine() {
      fill(1)
      const end = buffer.indexOf(0x0a)
      return end < 0 ? '' : take(end + 1).toString()
    },
    end: () => take(4),
    close: () => closeSync(file)
  }
}
