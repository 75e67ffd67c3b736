/** The numbers that a sum is: those from `first` on, of which there are `count`, the smallest first. None is 0. */
type Parts = number[] | Float64Array

/**
 * Adds a number to parts that do not overlap, without rounding, and answers how many there are then: at most one more. After J. Shewchuk,
 * "Adaptive Precision Floating-Point Arithmetic" (1997), GROW-EXPANSION.
 */
export function addToParts(parts: Parts, first: number, count: number, added: number): number {
  let value = added
  let kept = first
  for (let i = first; i < first + count; i++) {
    const part = parts[i]!
    const isSmaller = Math.abs(value) < Math.abs(part)
    const large = isSmaller ? part : value
    const small = isSmaller ? value : part
    const sum = large + small
    const rest = small - (sum - large)
    if (rest !== 0) parts[kept++] = rest
    value = sum
  }
  if (value !== 0) parts[kept++] = value
  return kept - first
}

/**
 * Makes as few of the parts as say the same, and answers how many: what is added to them leaves ever smaller rests apart. As COMPRESS
 * there.
 */
export function compressParts(parts: Parts, first: number, count: number): number {
  let bottom = first + count - 1
  let value = parts[bottom]!
  for (let i = bottom - 1; i >= first; i--) {
    const part = parts[i]!
    const sum = value + part
    const rest = part - (sum - value)
    value = sum
    if (rest === 0) continue
    parts[bottom--] = sum
    value = rest
  }
  parts[bottom] = value
  let kept = first
  for (let i = bottom + 1; i < first + count; i++) {
    const part = parts[i]!
    const sum = part + value
    const rest = value - (sum - part)
    if (rest !== 0) parts[kept++] = rest
    value = sum
  }
  parts[kept++] = value
  return kept - first
}

/** What the parts come to: the largest, rounded half to even by what the smaller ones say. */
export function roundParts(parts: Parts, first: number, count: number): number {
  let at = first + count - 1
  if (at < first) return 0
  let high = parts[at]!
  let low = 0
  while (at > first && low === 0) {
    const before = high
    const part = parts[--at]!
    high = before + part
    low = part - (high - before)
  }
  if (at === first) return high
  const next = parts[at - 1]!
  if ((low < 0 && next < 0) || (low > 0 && next > 0)) {
    const twice = 2 * low
    const nudged = high + twice
    if (twice === nudged - high) return nudged
  }
  return high
}
