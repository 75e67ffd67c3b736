import { addDecimal, divideDecimal } from '../functions/decimal.ts'
import { type Decimal, decimalFromInteger } from '../sql/decimal.ts'
import type { Comparer } from './query.ts'

/** How numbers are added. Exactly: SMALLINT and INT to a BIGINT, BIGINT and DECIMAL to a DECIMAL; or as doubles. */
export type AggregateForm = 'int' | 'bigint' | 'decimal' | 'double'

/** What becomes of one group's values of one aggregate. Values are not NULL. */
export interface Accumulator {
  add(...values: readonly unknown[]): void
  result(): unknown
}

type Make = (form: AggregateForm, compare: Comparer | null) => Accumulator

const NO_SITE = -1

const makers: Readonly<Record<string, Make>> = {
  count: () => fold(0, (count: number) => count + 1),
  sum: form =>
    form === 'double' ? sumDoubles() : form === 'decimal' ? sumDecimals() : sumIntegers(form),
  avg: form => average(form),
  min: (_form, compare) => extreme(compare!, -1),
  max: (_form, compare) => extreme(compare!, 1),
  bool_and: () => optional<boolean>((all, value) => all && value),
  bool_or: () => optional<boolean>((any, value) => any || value),
  string_agg: () => joinTexts(),
  var_pop: () => variance(false, value => value),
  var_samp: () => variance(true, value => value),
  stddev_pop: () => variance(false, Math.sqrt),
  stddev_samp: () => variance(true, Math.sqrt)
}

export function makeAccumulator(
  name: string,
  form: AggregateForm,
  compare: Comparer | null
): Accumulator {
  return makers[name]!(form, compare)
}

function fold<T, V>(start: T, step: (sofar: T, value: V) => T): Accumulator {
  let sofar = start
  return {
    add(value) {
      sofar = step(sofar, value as V)
    },
    result: () => sofar
  }
}

/** Of no values it is NULL. */
function optional<T>(step: (sofar: T, value: T) => T): Accumulator {
  let sofar: T | null = null
  return {
    add(value) {
      sofar = sofar === null ? (value as T) : step(sofar, value as T)
    },
    result: () => sofar
  }
}

function sumIntegers(form: 'int' | 'bigint'): Accumulator {
  let sum: bigint | null = null
  return {
    add(value) {
      sum = (sum ?? 0n) + BigInt(value as number | bigint)
    },
    result() {
      if (sum === null) return null
      return form === 'int' ? canonicalBigInt(sum) : decimalFromInteger(sum)
    }
  }
}

/** BIGINT has one form per value: a number where that is exact. */
function canonicalBigInt(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function sumDecimals(): Accumulator {
  return optional<Decimal>((sum, value) => addDecimal(sum, value, NO_SITE))
}

function sumDoubles(): Accumulator {
  return optional<number>((sum, value) => sum + value)
}

function average(form: AggregateForm): Accumulator {
  // Integers are added as bigints, so that the one division rounds once.
  const sum = form === 'double' ? sumDoubles() : form === 'decimal' ? sumDecimals() : sumExactly()
  let count = 0
  return {
    add(value) {
      sum.add(value)
      count++
    },
    result() {
      if (count === 0) return null
      if (form === 'decimal') {
        return divideDecimal(sum.result() as Decimal, decimalFromInteger(count), NO_SITE)
      }
      return Number(sum.result() as number | bigint) / count
    }
  }
}

function sumExactly(): Accumulator {
  return fold(0n, (sum, value: number | bigint) => sum + BigInt(value))
}

function extreme(compare: Comparer, sign: 1 | -1): Accumulator {
  return optional<unknown>((best, value) =>
    compare(value as never, best as never) * sign > 0 ? value : best
  )
}

function joinTexts(): Accumulator {
  let text: string | null = null
  return {
    add(value, separator) {
      text = text === null ? String(value) : `${text}${String(separator)}${String(value)}`
    },
    result: () => text
  }
}

/** Welford's method: no difference of large sums. */
function variance(isSample: boolean, finish: (variance: number) => number): Accumulator {
  let count = 0
  let mean = 0
  let squares = 0
  return {
    add(value) {
      const number = Number(value as number | bigint)
      count++
      const delta = number - mean
      mean += delta / count
      squares += delta * (number - mean)
    },
    result() {
      const divisor = isSample ? count - 1 : count
      return divisor < 1 ? null : finish(squares / divisor)
    }
  }
}
