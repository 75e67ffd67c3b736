import { crc32 } from 'node:zlib'
import type { BackendHost } from '../contract/index.ts'

/** MDB_PAGE_NOTFOUND, MDB_CORRUPTED, MDB_PANIC, MDB_INVALID and MDB_BAD_TXN: what LMDB says of a file that it can't have written. */
const damages: ReadonlySet<unknown> = new Set([-30797, -30796, -30795, -30793, -30782])
const CHECKSUM = 4

/** What tells what was put there from what was not. */
export class Damage {
  readonly #host: Pick<BackendHost, 'damaged'>

  constructor(host: Pick<BackendHost, 'damaged'>) {
    this.#host = host
  }

  /** Runs what reads. */
  watch<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw this.explain(error)
    }
  }

  explain(error: unknown): unknown {
    const { code, message } = error as { readonly code?: unknown; readonly message: string }
    return damages.has(code) ? this.#host.damaged(`the local state is damaged: ${message}`) : error
  }

  /** A value behind its checksum: LMDB has none, and a disk may give what nobody has written. */
  seal(value: Uint8Array): Buffer {
    const bytes = Buffer.allocUnsafe(CHECKSUM + value.length)
    bytes.writeUInt32LE(crc32(value), 0)
    bytes.set(value, CHECKSUM)
    return bytes
  }

  unseal(bytes: Buffer): Buffer {
    const value = bytes.subarray(CHECKSUM)
    if (bytes.length >= CHECKSUM && crc32(value) === bytes.readUInt32LE(0)) return value
    throw this.#host.damaged('a record of the local state is damaged')
  }
}
