/** What `tableKey` makes of a value. */
type Key = string | number | bigint | boolean

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** Two seeds, always the same: what one run of a pipeline has counted, the next goes on with. */
const SEEDS = [0x9747b28c, 0x5bd1e995] as const

/** 52 bits of two 32-bit MurmurHash3 of a key, as a number. Keys of one type that differ hardly ever have the same. */
export function hashOfKey(key: Key): number {
  const high = hash32(key, SEEDS[0])
  const low = hash32(key, SEEDS[1])
  return high * 2 ** 20 + (low >>> 12)
}

function hash32(key: Key, seed: number): number {
  if (typeof key === 'number') {
    // Minus zero is zero.
    double[0] = key + 0
    return finish(mix(mix(seed, words[0]!), words[1]!), 8)
  }
  const text = String(key)
  const { length } = text
  let state = seed
  let i = 0
  for (; i + 1 < length; i += 2) {
    state = mix(state, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16))
  }
  if (i < length) state ^= scramble(text.charCodeAt(i))
  return finish(state, 2 * length)
}

/** A. Appleby's MurmurHash3_x86_32, https://github.com/aappleby/smhasher/wiki/MurmurHash3: a word, and the end. */
function mix(state: number, word: number): number {
  const mixed = state ^ scramble(word)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

function scramble(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
}

function finish(state: number, bytes: number): number {
  let mixed = state ^ bytes
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
