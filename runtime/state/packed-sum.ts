import { addToParts, compressParts, roundParts } from '../sql/double-parts.ts'
import { MANY_PARTS, type SavedSum, SUM_WIDTH } from '../sql/double-sum.ts'

// A DoubleSum in an array of numbers: how many values it has, then its parts, then 0. `at` is where it begins.

/** `sign`: -1: the value leaves. False: its numbers can't say that, and nothing has changed. */
export function addToSum(numbers: Float64Array, at: number, value: number, sign: 1 | -1): boolean {
  if (!Number.isFinite(value)) return false
  const first = at + 1
  const parts = countParts(numbers, at)
  let kept = parts < MANY_PARTS ? parts : compressParts(numbers, first, parts)
  if (kept === MANY_PARTS) return false
  kept = addToParts(numbers, first, kept, sign * value)
  for (let i = kept; i < parts; i++) numbers[first + i] = 0
  numbers[at]! += sign
  return true
}

function countParts(numbers: Float64Array, at: number): number {
  let count = 0
  while (count < MANY_PARTS && numbers[at + 1 + count] !== 0) count++
  return count
}

/** Null: no value. */
export function readSum(numbers: Float64Array, at: number): number | null {
  return numbers[at] === 0 ? null : roundParts(numbers, at + 1, countParts(numbers, at))
}

/** As a DoubleSum is saved. */
export function saveSum(numbers: Float64Array, at: number): SavedSum {
  const first = at + 1
  const parts = numbers.subarray(first, first + countParts(numbers, at))
  return [[...parts], numbers[at]!, 0, 0, 0]
}

/** False: its numbers can't say that, and nothing has changed. */
export function loadSum(
  numbers: Float64Array,
  at: number,
  [parts, count, ...others]: SavedSum
): boolean {
  if (parts.length > MANY_PARTS || others.some(number => number !== 0)) return false
  numbers.fill(0, at, at + SUM_WIDTH)
  numbers[at] = count
  numbers.set(parts, at + 1)
  return true
}
