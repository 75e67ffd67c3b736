import type { Database } from 'lmdb'
import type { ByteEntry, ByteMap } from '../contract/index.ts'
import type { Damage } from './damage.ts'

export type BinaryDatabase = Database<Buffer, Buffer>

/** A range is read by so many records, so that nothing is open while somebody works on them. */
const CHUNK = 256

export class LmdbMap implements ByteMap {
  readonly #database: BinaryDatabase
  readonly #damage: Damage
  /** Of one that is closed: what it had is shown to the end. */
  #lastSize: number | null = null

  constructor(database: BinaryDatabase, damage: Damage) {
    this.#database = database
    this.#damage = damage
  }

  get size(): number {
    return this.#lastSize ?? this.#count()
  }

  #count(): number {
    const stats = this.#damage.watch(() => this.#database.getStats())
    return (stats as { readonly entryCount: number }).entryCount
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const bytes = this.#damage.watch(() => this.#database.getBinary(asBuffer(key)))
    return bytes === undefined ? undefined : this.#damage.unseal(bytes)
  }

  *range(from: Uint8Array, end: Uint8Array | null, atOnce = CHUNK): Generator<ByteEntry> {
    let start = asBuffer(from)
    for (;;) {
      const found = this.#chunk(start, end, atOnce)
      for (const { key, value } of found) yield { key, value: this.#damage.unseal(value) }
      if (found.length < atOnce) return
      // The first key behind the last one that was found.
      start = Buffer.concat([found.at(-1)!.key, ZERO])
    }
  }

  #chunk(
    start: Buffer,
    end: Uint8Array | null,
    limit: number
  ): readonly { key: Buffer; value: Buffer }[] {
    // From an empty key on LMDB would find nothing.
    const first = start.length === 0 ? {} : { start }
    const last = end === null ? {} : { end: asBuffer(end) }
    const range = { ...first, ...last, limit }
    return this.#damage.watch(() => [...this.#database.getRange(range)])
  }

  lastKey(): Uint8Array | undefined {
    for (const key of this.#database.getKeys({ reverse: true, limit: 1 })) return key
    return undefined
  }

  put(key: Uint8Array, value: Uint8Array): void {
    void this.#database.putSync(asBuffer(key), this.#damage.seal(value))
  }

  remove(key: Uint8Array): boolean {
    return this.#database.removeSync(asBuffer(key))
  }

  clear(): void {
    this.#database.clearSync()
  }

  /** To be called before its file is closed: nothing but its size is asked for then. */
  close(): void {
    try {
      this.#lastSize = this.#count()
    } catch {
      // It is closed because it is damaged.
      this.#lastSize = 0
    }
  }
}

const ZERO = Buffer.alloc(1)

function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
