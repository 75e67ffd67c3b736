import { Failure } from './failure.ts'

const HOUR = 3_600_000

/** The local time, as if it were UTC, that the clocks of a zone show at an instant. */
export function utcToLocal(instant: number, zone: string): number {
  return instant + utcOffset(instant, zone)
}

const FIXED: Readonly<Record<string, number>> = {
  ...{ utc: 0, gmt: 0, z: 0, zulu: 0, ut: 0, est: -5, edt: -4, cst: -6, cdt: -5, mst: -7 },
  ...{ mdt: -6, pst: -8, pdt: -7, cet: 1, cest: 2, bst: 1, msk: 3, jst: 9 }
}

/** How far a zone is from UTC at an instant: what a calendar shows there, less the instant. */
export function utcOffset(instant: number, zone: string): number {
  const name = zone.trim().toLowerCase()
  if (name in FIXED) return FIXED[name]! * HOUR
  // POSIX counts to the west.
  const posix = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d\d))?$/.exec(name)
  if (posix !== null) {
    const size = Number(posix[2]) * HOUR + Number(posix[3] ?? 0) * 60_000
    return posix[1] === '-' ? size : -size
  }
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-u-ca-gregory-hc-h23', {
      timeZone: zone,
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', era: 'short' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' }
    } as Intl.DateTimeFormatOptions)
  } catch {
    throw new Failure('invalid-time-zone', zone)
  }
  const whole = Math.floor(instant / 1000) * 1000
  const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type))
  const year = parts.get('era')!.startsWith('B') ? 1 - part('year') : part('year')
  const shown = new Date(0)
  shown.setUTCFullYear(year, part('month') - 1, part('day'))
  return shown.setUTCHours(part('hour'), part('minute'), part('second')) - whole
}

/** Of a time that the clocks skip, what it is by the offset before; of one that comes twice, the second. */
export function localToUtc(local: number, zone: string): number {
  const day = 24 * HOUR
  const offsets = [utcOffset(local - day, zone), utcOffset(local + day, zone)]
  const instants = offsets.map(offset => local - offset)
  const right = instants.filter(instant => utcToLocal(instant, zone) === local)
  return right.length === 0 ? instants[0]! : Math.max(...right)
}
