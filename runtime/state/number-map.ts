const EMPTY = -1
const DELETED = -2
const FIRST_PLACES = 128

/** Of this process: who sends records can't choose keys that fall together. */
const SEED = (Math.random() * 2 ** 32) | 0
const SEED2 = (Math.random() * 2 ** 32) | 0

const wide = new Float64Array(1)
const halves = new Int32Array(wide.buffer)

/** What iterators need that began before holes were closed. */
interface Layout {
  next: Layout | null
  /** The places that were holes, ascending, when this layout ended. */
  holes: Int32Array
}

/**
 * Values by numbers other than NaN, in the order in which the keys came, as a Map has them; -0 is 0. Keys stand in a typed array by
 * their place, values in an array, and an index by open addressing (linear probing) leads from a key's hash to its place: 8 to 16 bytes a
 * key beside key and value. A Map ends at 2^24 keys, this one at 2^27, where arrays do.
 */
export class NumberMap<Value> {
  #keys = new Float64Array(FIRST_PLACES)
  #values: (Value | undefined)[] = []
  /** Twice as many as places, so that half is always empty: a deleted key keeps its entry until its hole is closed. */
  #index = new Int32Array(FIRST_PLACES * 2).fill(EMPTY)
  #next = 0
  #size = 0
  #layout: Layout = { next: null, holes: new Int32Array() }

  get size(): number {
    return this.#size
  }

  get(key: number): Value | undefined {
    const index = this.#index
    const mask = index.length - 1
    for (let at = hashOf(key) & mask; ; at = (at + 1) & mask) {
      const place = index[at]!
      if (place === EMPTY) return undefined
      if (place >= 0 && this.#keys[place] === key) return this.#values[place]
    }
  }

  set(key: number, value: Value): void {
    const at = this.#entryOf(key)
    if (at >= 0) {
      this.#values[this.#index[at]!] = value
      return
    }
    if (this.#next === this.#keys.length) this.#makeRoom()
    const place = this.#next++
    // Not -0.
    this.#keys[place] = key + 0
    this.#values[place] = value
    this.#size++
    insert(this.#index, key, place)
  }

  delete(key: number): boolean {
    const at = this.#entryOf(key)
    if (at < 0) return false
    const place = this.#index[at]!
    this.#index[at] = DELETED
    this.#keys[place] = NaN
    this.#values[place] = undefined
    this.#size--
    return true
  }

  /** What is added or deleted meanwhile is seen or not, as with a Map. */
  *entries(): Generator<[number, Value]> {
    let layout = this.#layout
    for (let place = 0; place < this.#next; place++) {
      const key = this.#keys[place]!
      if (key !== key) continue
      yield [key, this.#values[place]!]
      // Also where this key itself became a hole.
      for (; layout.next !== null; layout = layout.next) place -= countTo(layout.holes, place)
    }
  }

  /** Where the index has the key; -1: nowhere. */
  #entryOf(key: number): number {
    const index = this.#index
    const mask = index.length - 1
    for (let at = hashOf(key) & mask; ; at = (at + 1) & mask) {
      const place = index[at]!
      if (place === EMPTY) return -1
      if (place >= 0 && this.#keys[place] === key) return at
    }
  }

  /** Twice as many places, or, where half of them are holes, those that there are without holes. */
  #makeRoom(): void {
    const places = this.#keys.length
    if (this.#size * 2 > places) {
      const keys = new Float64Array(places * 2)
      keys.set(this.#keys)
      this.#keys = keys
    } else this.#closeHoles()
    const index = new Int32Array(this.#keys.length * 2).fill(EMPTY)
    for (let place = 0; place < this.#next; place++) {
      const key = this.#keys[place]!
      if (key === key) insert(index, key, place)
    }
    this.#index = index
  }

  #closeHoles(): void {
    const keys = this.#keys
    const holes = new Int32Array(this.#next - this.#size)
    const values: (Value | undefined)[] = []
    let found = 0
    for (let place = 0; place < this.#next; place++) {
      const key = keys[place]!
      if (key !== key) holes[found++] = place
      else {
        keys[values.length] = key
        values.push(this.#values[place])
      }
    }
    this.#values = values
    this.#next = values.length
    const next: Layout = { next: null, holes: new Int32Array() }
    this.#layout.holes = holes
    this.#layout.next = next
    this.#layout = next
  }
}

function insert(index: Int32Array, key: number, place: number): void {
  const mask = index.length - 1
  let at = hashOf(key) & mask
  while (index[at]! !== EMPTY) at = (at + 1) & mask
  index[at] = place
}

/** Of 32 bits; 0 and -0 have the same. The mixing is that of MurmurHash3's end (Austin Appleby, public domain). */
function hashOf(key: number): number {
  const small = key | 0
  if (small === key) return mix(small ^ SEED)
  wide[0] = key
  return mix(halves[0]! ^ mix(halves[1]! ^ SEED2))
}

function mix(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** How many of ascending numbers are not above another. */
function countTo(numbers: Int32Array, limit: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low
}
