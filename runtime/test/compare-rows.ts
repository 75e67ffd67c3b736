import type { Row } from './cells.ts'

/** A row of both sides, or of one. */
export interface ComparedRow {
  readonly found: 'both' | 'missing' | 'unexpected'
  readonly row: Row
  /** The row of the other side that it was probably meant to be. */
  readonly partner: Row | null
}

/** Each missing row is compared with every unexpected one: not for a thousand that nobody reads. */
const MOST_PAIRS = 50

/**
 * Compares two bags of rows: their order does not matter, how often a row is there does. Null: they are the same. A missing
 * row stands before the unexpected one that is most like it.
 */
export function compareRows(
  expected: readonly Row[],
  actual: readonly Row[]
): readonly ComparedRow[] | null {
  const left = new Map<string, Row[]>()
  for (const row of actual) {
    const key = keyOf(row)
    left.set(key, [...(left.get(key) ?? []), row])
  }
  const both: Row[] = []
  const missing: Row[] = []
  for (const row of expected) (left.get(keyOf(row))?.pop() === undefined ? missing : both).push(row)
  const unexpected = [...left.values()].flat()
  if (missing.length === 0 && unexpected.length === 0) return null
  return [
    ...pair(missing, unexpected),
    ...both.map(row => ({ found: 'both', row, partner: null }) as const)
  ]
}

function keyOf(row: Row): string {
  return JSON.stringify(row.map(({ same }) => same))
}

function pair(missing: readonly Row[], unexpected: readonly Row[]): ComparedRow[] {
  const left = [...unexpected]
  const pairs = missing.flatMap((row, i): ComparedRow[] => {
    const like = i < MOST_PAIRS ? mostLike(row, left) : null
    if (like === null) return [{ found: 'missing', row, partner: null }]
    left.splice(left.indexOf(like), 1)
    return [
      { found: 'missing', row, partner: like },
      { found: 'unexpected', row: like, partner: row }
    ]
  })
  return [...pairs, ...left.map(row => ({ found: 'unexpected', row, partner: null }) as const)]
}

/** Rows that have nothing in common are no pair. */
function mostLike(row: Row, candidates: readonly Row[]): Row | null {
  let best: Row | null = null
  let most = 0
  for (const candidate of candidates) {
    const equal = candidate.filter((cell, i) => cell.same === row[i]!.same).length
    if (equal > most) [best, most] = [candidate, equal]
  }
  return best
}
