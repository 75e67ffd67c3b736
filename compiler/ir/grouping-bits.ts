/** PostgreSQL's GROUPING of keys, by index: a bit for each, the last one lowest, that is 1 where a set does not have it. */
export function groupingBits(keys: readonly number[], set: readonly number[]): number {
  return keys.reduce((bits, key) => 2 * bits + (set.includes(key) ? 0 : 1), 0)
}
