/** PostgreSQL's percentile_cont: between the two values that the fraction falls between. Null: there is no value. */
export function percentileCont(sorted: readonly unknown[], fraction: number): number | null {
  if (sorted.length === 0) return null
  const place = fraction * (sorted.length - 1)
  const low = Math.floor(place)
  const first = Number(sorted[low])
  const second = Number(sorted[Math.ceil(place)])
  return first === second ? first : first + (place - low) * (second - first)
}

/** PostgreSQL's percentile_disc: the first value at which the share of those up to it reaches the fraction. */
export function percentileDisc(sorted: readonly unknown[], fraction: number): never {
  const at = Math.max(0, Math.ceil(fraction * sorted.length) - 1)
  return (sorted[at] ?? null) as never
}

/** The most frequent of sorted values, the first of those that are; null: there is none. */
export function modeOf(sorted: readonly unknown[], compare: (a: never, b: never) => number): never {
  let best: unknown = null
  let most = 0
  let count = 0
  sorted.forEach((value, i) => {
    const isSame = i > 0 && compare(value as never, sorted[i - 1] as never) === 0
    count = isSame ? count + 1 : 1
    if (count > most) {
      most = count
      best = value
    }
  })
  return best as never
}
