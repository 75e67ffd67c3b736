import type { SqlType } from '../../compiler/types/index.ts'
import { compareDecimal, isDecimal } from './decimal.ts'
import type { Value } from './value.ts'

/** Negative, zero or positive. Text goes by code point, NaN equals itself and is above every other number. */
export function compareValues(
  left: Exclude<Value, null>,
  right: Exclude<Value, null>,
  type: SqlType
): number {
  if (isDecimal(left) && isDecimal(right)) return compareDecimal(left, right)
  if (type.kind === 'Text') return compareText(String(left), String(right))
  if (typeof left === 'number' && typeof right === 'number') return compareDoubles(left, right)
  return left < right ? -1 : left > right ? 1 : 0
}

function compareText(left: string, right: string): number {
  const a = [...left]
  const b = [...right]
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = a[i]!.codePointAt(0)! - b[i]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareDoubles(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
  }
  return left < right ? -1 : left > right ? 1 : 0
}
