const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** The hash by which Kafka's Java client places keys: MurmurHash2 of 32 bits (Austin Appleby), as org.apache.kafka.common.utils.Utils has it. */
export function murmur2(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  let hash = SEED ^ length
  let pos = start
  for (const last = end - (length & 3); pos < last; pos += 4) {
    let k = bytes[pos]! | (bytes[pos + 1]! << 8) | (bytes[pos + 2]! << 16) | (bytes[pos + 3]! << 24)
    k = Math.imul(k, M)
    k ^= k >>> R
    hash = Math.imul(hash, M) ^ Math.imul(k, M)
  }
  const left = end - pos
  if (left > 2) hash ^= bytes[pos + 2]! << 16
  if (left > 1) hash ^= bytes[pos + 1]! << 8
  if (left > 0) hash = Math.imul(hash ^ bytes[pos]!, M)
  hash ^= hash >>> 13
  hash = Math.imul(hash, M)
  return hash ^ (hash >>> 15)
}

/** The partition of a key among so many. */
export function partitionOf(bytes: Uint8Array, start: number, end: number, count: number): number {
  return (murmur2(bytes, start, end) & 0x7fffffff) % count
}
