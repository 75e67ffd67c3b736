import { DAY, dateFromDays, daysFromDate } from '../sql/calendar.ts'
import { inRange } from '../sql/date-trunc.ts'
import { type Interval, negateInterval, shiftTime } from '../sql/interval.ts'
import { ValueError } from '../sql/value-error.ts'
import { atSite } from './at-site.ts'
import { type BigIntValue, normalBigInt } from './bigint.ts'

const EPOCH_YEAR = 1970
/** From this epoch number on; a double can't say the one before it. */
const NANOSECONDS = 100_000_000_000_000_000n

/** time_bucket: where the stretch of time begins that a time is in; stretches as long as `width` follow each other from the epoch on. */
export function timeBucket(width: Interval, time: number, site: number): number {
  try {
    return bucketStart(width, time)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** As `timeBucket`, of stretches that begin `offset` after the epoch. */
export function timeBucketFrom(
  width: Interval,
  time: number,
  offset: Interval,
  site: number
): number {
  try {
    const moved = shiftTime(time, negateInterval(offset))
    return inRange(shiftTime(bucketStart(width, moved), offset))
  } catch (error) {
    throw atSite(error, site)
  }
}

/** As `timeBucket`, of a DATE: the day on which its stretch begins. */
export function dateBucket(width: Interval, days: number, site: number): number {
  try {
    return Math.floor(bucketStart(width, days * DAY) / DAY)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** As `timeBucket`, of an epoch number, in its own unit: s < 1e11 <= ms < 1e14 <= us < 1e17 <= ns. */
export function epochBucket(width: Interval, epoch: BigIntValue, site: number): BigIntValue {
  try {
    return bucketOfEpoch(width, epoch)
  } catch (error) {
    throw atSite(error, site)
  }
}

function bucketOfEpoch(width: Interval, epoch: BigIntValue): BigIntValue {
  const size = Math.abs(Number(epoch))
  if (size < 1e11) {
    const start = bucketStart(width, Number(epoch) * 1000)
    return Math.floor(start / 1000)
  }
  if (size < 1e14) return bucketStart(width, Number(epoch))
  const value = BigInt(epoch)
  const perMs = partsOfMs(value)
  const ms = floorDivide(value, perMs)
  return normalBigInt(BigInt(bucketStart(width, Number(ms))) * perMs)
}

/** An epoch number in whole milliseconds: its size tells its unit, as above. */
export function epochToMs(epoch: BigIntValue): number {
  const size = Math.abs(Number(epoch))
  if (size < 1e11) return Number(epoch) * 1000
  if (size < 1e14) return Number(epoch)
  const value = BigInt(epoch)
  return Number(floorDivide(value, partsOfMs(value)))
}

/** Of an epoch number in us or ns. */
function partsOfMs(value: bigint): bigint {
  return -NANOSECONDS < value && value < NANOSECONDS ? 1000n : 1_000_000n
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}

function bucketStart(width: Interval, time: number): number {
  const length = width.days * DAY + width.ms
  if (width.months === 0 && length > 0) return inRange(Math.floor(time / length) * length)
  if (width.months > 0 && length === 0) return inRange(monthStart(width.months, time))
  throw new ValueError(
    'invalid-interval',
    'a bucket is as long as a number of months, or of days and time, above zero'
  )
}

/** Months are counted from January 1970. */
function monthStart(months: number, time: number): number {
  const { year, month } = dateFromDays(Math.floor(time / DAY))
  const index = (year - EPOCH_YEAR) * 12 + month - 1
  const start = Math.floor(index / months) * months
  const fromYear = EPOCH_YEAR + Math.floor(start / 12)
  return daysFromDate(fromYear, start - Math.floor(start / 12) * 12 + 1, 1) * DAY
}
