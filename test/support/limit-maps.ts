/**
 * While it lasts, Maps and Sets that are made have room for so many keys, and throw what those of V8 do where they are asked for more,
 * which is at 2^24.
 */
export function limitMaps(most: number): Disposable {
  const before = { Map: globalThis.Map, Set: globalThis.Set }
  class LimitedMap<Key, Value> extends before.Map<Key, Value> {
    override set(key: Key, value: Value): this {
      if (this.size >= most && !this.has(key)) throw new RangeError('Map maximum size exceeded')
      return super.set(key, value)
    }
  }
  class LimitedSet<Key> extends before.Set<Key> {
    override add(key: Key): this {
      if (this.size >= most && !this.has(key)) throw new RangeError('Set maximum size exceeded')
      return super.add(key)
    }
  }
  Object.assign(globalThis, { Map: LimitedMap, Set: LimitedSet })
  return {
    [Symbol.dispose]() {
      Object.assign(globalThis, before)
    }
  }
}
