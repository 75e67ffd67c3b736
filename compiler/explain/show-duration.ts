const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000]
] as const

/** In the largest unit that it is a whole number of. */
export function showDuration(ms: number): string {
  const [unit, length] = units.find(([, one]) => ms % one === 0 && ms !== 0) ?? ['ms', 1]
  return `${ms / length} ${unit}`
}
