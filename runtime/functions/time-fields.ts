import { DAY } from '../sql/calendar.ts'
import { formatTime } from '../sql/date-format.ts'
import { dateField, intervalField, timeField, timestampField } from '../sql/date-part.ts'
import {
  binTimestamp,
  inRange,
  truncateInterval,
  truncateInZone,
  truncateTimestamp
} from '../sql/date-trunc.ts'
import { type Decimal, decimalToDouble } from '../sql/decimal.ts'
import { ageBetween } from '../sql/interval.ts'
import { intervalToText } from '../sql/interval-to-text.ts'
import { textToTime } from '../sql/text-to-time.ts'
import { timeToText } from '../sql/time-to-text.ts'
import { timeZone } from '../sql/time-zone.ts'
import { ValueError } from '../sql/value-error.ts'
import { siteOf1, siteOf2, siteOf3 } from './at-site.ts'

/** EXTRACT: exact, as PostgreSQL's numeric. */
export const extractDate = siteOf2(dateField)
export const extractTime = siteOf2(timeField)
export const extractInterval = siteOf2(intervalField)
export const extractTimestamp = siteOf2((field: string, time: number) =>
  timestampField(field, time, false)
)
export const extractTimestamptz = siteOf2((field: string, time: number) =>
  timestampField(field, time, true)
)

/** date_part: EXTRACT as a DOUBLE. */
const asDouble =
  <T>(extract: (field: string, value: T, site: number) => Decimal) =>
  (field: string, value: T, site: number): number =>
    decimalToDouble(extract(field, value, site))
export const datePartOfDate = asDouble(extractDate)
export const datePartOfTime = asDouble(extractTime)
export const datePartOfInterval = asDouble(extractInterval)
export const datePartOfTimestamp = asDouble(extractTimestamp)
export const datePartOfTimestamptz = asDouble(extractTimestamptz)

export const truncTimestamp = siteOf2(truncateTimestamp)
export const truncInterval = siteOf2(truncateInterval)
/** date_trunc of a TIMESTAMPTZ by the clocks of a zone. */
export const truncInZone = siteOf3((unit: string, instant: number, zone: string) =>
  inRange(truncateInZone(unit, instant, timeZone(zone)))
)
export const dateBin = siteOf3(binTimestamp)
export const age = siteOf2(ageBetween)

export const dateFormat = siteOf2(formatTime)
export const timestampToChar = siteOf2((time: number, template: string) =>
  timeToText(time, template, false)
)
export const timestamptzToChar = siteOf2((time: number, template: string) =>
  timeToText(time, template, true)
)
export const intervalToChar = siteOf2(intervalToText)
/** to_timestamp(text, template). */
export const toTimestamp = siteOf2((text: string, template: string) => {
  const { time, offset } = textToTime(text, template)
  return inRange(time - offset)
})
/** to_date(text, template). */
export const toDate = siteOf2((text: string, template: string) =>
  Math.floor(inRange(textToTime(text, template).time) / DAY)
)
/** to_timestamp(seconds since the epoch). */
export const epochToTimestamp = siteOf1((seconds: number) => {
  if (Number.isNaN(seconds)) throw new ValueError('out-of-range', 'NaN is no timestamp')
  return inRange(Math.round(seconds * 1000))
})
