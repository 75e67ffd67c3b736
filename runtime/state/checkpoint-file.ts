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
}

export interface CheckpointRow {
  readonly key: Uint8Array
  readonly row: Uint8Array
}

const FORMAT = 'miraclec checkpoint 1'
const CHUNK = 1 << 20
/** So many bytes of rows are encoded at a time, in a few milliseconds: others wait meanwhile. */
const TURN_BYTES = 1 << 18

/**
 * Writes a table's rows to `path`: a line with the head, then for each row the lengths of key and row (32 bits each, little
 * endian) and their bytes, at the end a CRC-32 of all before it. Gives way to other work after each chunk of 256 KB.
 */
export async function writeCheckpoint(
  path: string,
  head: CheckpointHead,
  rows: Iterable<CheckpointRow>
): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    const chunk = new ChunkWriter()
    let crc = 0
    const flush = async (): Promise<void> => {
      const bytes = chunk.take()
      crc = crc32(bytes, crc)
      // A write may stop half-way where the disk is nearly full: this one goes on, and fails where there is no more room.
      await file.appendFile(bytes)
    }
    chunk.add(Buffer.from(`${FORMAT} ${JSON.stringify(head)}\n`))
    for (const { key, row } of rows) {
      chunk.addLength(key.length)
      chunk.addLength(row.length)
      chunk.add(key)
      chunk.add(row)
      if (chunk.size >= TURN_BYTES) await flush()
    }
    await flush()
    const end = Buffer.allocUnsafe(4)
    end.writeUInt32LE(crc, 0)
    await file.appendFile(end)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Parts one behind the other in memory that is used again: a million rows are three million parts. */
class ChunkWriter {
  #bytes = Buffer.allocUnsafeSlow(2 * TURN_BYTES)
  size = 0

  addLength(length: number): void {
    this.#makeRoom(4)
    this.size = this.#bytes.writeUInt32LE(length, this.size)
  }

  add(part: Uint8Array): void {
    this.#makeRoom(part.length)
    this.#bytes.set(part, this.size)
    this.size += part.length
  }

  /** All of them, valid until more are added. */
  take(): Buffer {
    const { size } = this
    this.size = 0
    return this.#bytes.subarray(0, size)
  }

  #makeRoom(length: number): void {
    if (this.size + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 * (this.size + length))
    this.#bytes.copy(larger, 0, 0, this.size)
    this.#bytes = larger
  }
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

/** Visits the rows of a checkpoint that `checkCheckpoint` found whole. */
export function readCheckpoint(path: string, visit: (row: CheckpointRow) => void): void {
  const reader = openReader(path)
  if (reader === null) return
  try {
    reader.takeLine()
    while (reader.left > 0) {
      const lengths = reader.take(8)
      const keyLength = lengths.readUInt32LE(0)
      const rowLength = lengths.readUInt32LE(4)
      // The reader's buffer moves on: the row is decoded before the next is taken.
      const bytes = reader.take(keyLength + rowLength)
      visit({ key: bytes.subarray(0, keyLength), row: bytes.subarray(keyLength) })
    }
  } finally {
    reader.close()
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
