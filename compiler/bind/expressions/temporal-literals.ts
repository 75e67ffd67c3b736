const DAY = 86_400_000

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const TIME = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/
const ZONE = /^(?:Z|UTC|([+-])(\d\d)(?::?(\d\d))?)$/i

/** `2026-01-31` as days since the epoch. */
export function dateFromText(text: string): number | undefined {
  const match = DATE.exec(text)
  if (match === null) return undefined
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists && year > 0 ? date.getTime() / DAY : undefined
}

/** `12:34`, `12:34:56.789` as milliseconds of the day; what is finer is cut off. */
export function timeFromText(text: string): number | undefined {
  const match = TIME.exec(text)
  if (match === null) return undefined
  const [hour, minute, second] = match.slice(1, 4).map(part => Number(part ?? '0'))
  const milliseconds = Number((match[4] ?? '').padEnd(3, '0').slice(0, 3))
  const time = (hour! * 60 + minute!) * 60_000 + second! * 1000 + milliseconds
  // 24:00:00 is the end of the day.
  return minute! > 59 || second! > 59 || time > DAY ? undefined : time
}

/** A date, a time behind it, and an offset from UTC behind that, as milliseconds since the epoch; without an offset it is UTC. */
export function timestampFromText(text: string): number | undefined {
  const match = /^(\S+?)(?:(?:T|\s+)(\d[\d:.]*)\s*(\S*))?$/i.exec(text)
  if (match === null) return undefined
  const days = dateFromText(match[1]!)
  const time = match[2] === undefined ? 0 : timeFromText(match[2])
  const offset = offsetFromText(match[3] ?? '')
  if (days === undefined || time === undefined || offset === undefined) return undefined
  const instant = days * DAY + time - offset
  return instant >= dateFromText('0001-01-01')! * DAY && instant < 253402300800000
    ? instant
    : undefined
}

function offsetFromText(text: string): number | undefined {
  if (text === '') return 0
  const match = ZONE.exec(text)
  if (match === null) return undefined
  const [hours, minutes] = [Number(match[2] ?? 0), Number(match[3] ?? 0)]
  if (hours > 15 || minutes > 59) return undefined
  const size = (hours * 60 + minutes) * 60_000
  return match[1] === '-' ? -size : size
}

/** `2026-01-31`. */
export function dateText(days: number): string {
  return new Date(days * DAY).toISOString().slice(0, 10)
}

/** `12:34:56.789`, also of 24 hours. */
export function timeText(time: number): string {
  if (time === DAY) return '24:00:00'
  return new Date(time).toISOString().slice(11, -1)
}
