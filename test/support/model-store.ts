import type { ByteEntry, ByteMap, StateStore } from '../../runtime/contract/index.ts'

/** A store as a plain list: what is put there is there at once, and in the order of its keys. */
export function makeModelStore(): StateStore {
  const maps = new Map<string, ByteMap>()
  return {
    map(name) {
      const map = maps.get(name) ?? new ModelMap()
      maps.set(name, map)
      return map
    },
    write: work => work()
  }
}

class ModelMap implements ByteMap {
  readonly #entries = new Map<string, Buffer>()

  get size(): number {
    return this.#entries.size
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(hex(key))
  }

  range(from: Uint8Array, end: Uint8Array | null): ByteEntry[] {
    const [first, last] = [hex(from), end === null ? null : hex(end)]
    return [...this.#entries]
      .filter(([key]) => key >= first && (last === null || key < last))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ({ key: Buffer.from(key, 'hex'), value }))
  }

  lastKey(): Uint8Array | undefined {
    const last = [...this.#entries.keys()].sort().at(-1)
    return last === undefined ? undefined : Buffer.from(last, 'hex')
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#entries.set(hex(key), Buffer.from(value))
  }

  remove(key: Uint8Array): boolean {
    return this.#entries.delete(hex(key))
  }

  clear(): void {
    this.#entries.clear()
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
