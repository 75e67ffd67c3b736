/**
 * The candidate that a misspelt name most likely means, or null where none is near enough: at most one edit per
 * three characters, swaps of neighbours counted as one; else the shortest that begins with the whole name, as linger.ms does
 * with linger. Case does not matter.
 */
export function closest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase()
  let best: string | null = null
  // A name of one letter is never a slip for another one.
  const most = wanted.length < 2 ? 0 : Math.max(1, Math.floor(wanted.length / 3))
  let bestDistance = most + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best ?? shortestWith(wanted, candidates)
}

function shortestWith(wanted: string, candidates: Iterable<string>): string | null {
  if (wanted.length < 3) return null
  const longer = [...candidates].filter(candidate =>
    [`${wanted}.`, `${wanted}_`].some(start => candidate.toLowerCase().startsWith(start))
  )
  return longer.toSorted((a, b) => a.length - b.length)[0] ?? null
}

/** Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps), O(a * b). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(replace, last[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1)
      }
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
