/** With separators, and short where nobody counts digits. */
export function showCount(count: number): string {
  return count < 1e7 ? count.toLocaleString('en') : shorten(count, 1000, ['', 'k', 'M', 'G', 'T'])
}

export function showRate(rate: number | null): string {
  if (rate === null) return '-'
  return rate > 0 && rate < 10 ? rate.toFixed(1) : showCount(Math.round(rate))
}

export function showBytes(bytes: number): string {
  return `${shorten(bytes, 1024, ['', 'K', 'M', 'G', 'T'])}B`
}

function shorten(value: number, step: number, units: readonly string[]): string {
  let rest = value
  let unit = 0
  while (rest >= step && unit + 1 < units.length) {
    rest /= step
    unit++
  }
  const digits = unit === 0 || rest >= 100 ? 0 : 1
  return `${rest.toFixed(digits)} ${units[unit]!}`
}

/** In the unit that people would say it in. */
export function showDuration(seconds: number): string {
  if (seconds < 0) return `-${showDuration(-seconds)}`
  if (seconds < 0.01) return `${(seconds * 1000).toFixed(1)} ms`
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
  if (seconds < 86_400)
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`
}

/** How long ago something happened that happened so many milliseconds ago. */
export function showAgo(ms: number): string {
  return ms < 1000 ? 'just now' : `${showDuration(ms / 1000)} ago`
}

/** A part of a core. */
export function showPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** How long one of many takes. */
export function showEach(seconds: number): string {
  if (seconds < 1e-6) return `${Math.round(seconds * 1e9)} ns`
  return seconds < 1e-3 ? `${(seconds * 1e6).toFixed(2)} µs` : showDuration(seconds)
}
