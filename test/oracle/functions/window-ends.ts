import { inRange } from '../cast-time.ts'
import { Failure } from '../failure.ts'
import type { Interval } from '../interval.ts'
import type { Twins } from './entry.ts'

const MS_PER_DAY = 86_400_000n
type Args = readonly [Interval | null, Interval | null, number | null, (Interval | null)?]

function lengthOf({ months, days, ms }: Interval): bigint {
  const length = days * MS_PER_DAY + ms
  if (months !== 0n || length <= 0n) throw new Failure('invalid-interval', 'no length')
  return length
}

function lengthsOf(step: Interval, size: Interval): readonly [bigint, bigint] {
  const lengths = [lengthOf(step), lengthOf(size)] as const
  if (lengths[1] > lengths[0] * 10_000n) throw new Failure('too-many-windows', 'more than 10,000')
  return lengths
}

function shiftOf(offset: Interval | null | undefined): bigint {
  return offset === null || offset === undefined ? 0n : offset.days * MS_PER_DAY + offset.ms
}

/** The largest number of steps from `shift` on that is not beyond the time. */
function startOf(time: bigint, step: bigint, shift: bigint): bigint {
  const rest = (time - shift) % step
  return time - (rest < 0n ? rest + step : rest)
}

export const windowTwins: Twins = {
  hop_ends: {
    takesNull: true,
    evaluate: ([slide, size, time, offset]: Args) => {
      if (slide === null || size === null) return null
      if (time === null) return [null]
      const [step, width] = lengthsOf(slide, size)
      const at = BigInt(time)
      const last = startOf(at, step, shiftOf(offset))
      const ends: number[] = []
      for (let start = last; start + width > at; start -= step) {
        ends.unshift(inRange(Number(start + width)))
      }
      return ends
    }
  },
  cumulate_ends: {
    takesNull: true,
    evaluate: ([step, size, time, offset]: Args) => {
      if (step === null || size === null) return null
      if (time === null) return [null]
      const [length, width] = lengthsOf(step, size)
      const at = BigInt(time)
      const start = startOf(at, width, shiftOf(offset))
      const ends: number[] = []
      for (let end = start + length; end <= start + width; end += length) {
        if (end > at) ends.push(inRange(Number(end)))
      }
      return ends
    }
  }
}
