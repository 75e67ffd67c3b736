import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/**
 * An executable is a prepared `node` with a payload appended: the files back to back, the index as JSON, and a footer of
 * 16 bytes: the index's length (8 bytes, little-endian) and the magic. `compiler/bundle/payload.ts` writes it.
 */
export const PAYLOAD_MAGIC = 'mirclec1'
export const FOOTER_BYTES = 16

export interface PayloadEntry {
  /** Where the stored bytes begin in the executable. */
  readonly offset: number
  readonly stored: number
  /** Bytes after decompression; equal to `stored` when `zstd` is false. */
  readonly size: number
  readonly zstd: boolean
  /** Of the file itself, decompressed. */
  readonly sha256: string
}

export interface Payload {
  readonly path: string
  readonly entries: Readonly<Record<string, PayloadEntry>>
}

/** Linux keeps this link valid when the file was renamed or replaced while it runs. */
const OWN_EXECUTABLE = '/proc/self/exe'

/** Reads the index at the end of the running executable. Throws when it has none: it was cut or stripped. */
export function openPayload(path: string = OWN_EXECUTABLE): Payload {
  const fd = openSync(path, 'r')
  try {
    const length = fstatSync(fd).size
    const footer = readExactly(fd, Math.max(0, length - FOOTER_BYTES), FOOTER_BYTES)
    if (footer.toString('latin1', 8) !== PAYLOAD_MAGIC) throw damaged()
    const indexLength = Number(footer.readBigUInt64LE(0))
    const indexStart = length - FOOTER_BYTES - indexLength
    if (indexStart < 0) throw damaged()
    const index = readExactly(fd, indexStart, indexLength).toString('utf8')
    return { path, entries: JSON.parse(index) as Payload['entries'] }
  } finally {
    closeSync(fd)
  }
}

/** The file's bytes, decompressed; null when the payload has no such file. */
export function readEntry(payload: Payload, name: string): Buffer | null {
  const entry = payload.entries[name]
  if (entry === undefined) return null
  const fd = openSync(payload.path, 'r')
  try {
    const stored = readExactly(fd, entry.offset, entry.stored)
    return entry.zstd ? unpack(stored) : stored
  } finally {
    closeSync(fd)
  }
}

/** Most of what a start reads is not packed, and `zlib` takes Node some ms to load. */
function unpack(bytes: Buffer): Buffer {
  return process.getBuiltinModule('node:zlib').zstdDecompressSync(bytes)
}

function readExactly(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length)
  let done = 0
  while (done < length) {
    const read = readSync(fd, buffer, done, length - done, position + done)
    if (read === 0) throw damaged()
    done += read
  }
  return buffer
}

function damaged(): Error {
  return new Error('this executable is incomplete: it was cut or changed after it was compiled')
}
