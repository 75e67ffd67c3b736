import type { SqlType } from '../../compiler/types/index.ts'
import { compareDecimal, isDecimal } from './decimal.ts'
import { isInterval, lengthOf } from './interval.ts'
import type { Value } from './value.ts'

type Present = Exclude<Value, null>

/**
 * Negative, zero or positive. Text goes by code point, NaN equals itself and is above every other number, an INTERVAL goes
 * by its length with months of 30 days, arrays and rows by their parts. Maps are equal or not.
 */
export function compareValues(left: Present, right: Present, type: SqlType): number {
  if (isDecimal(left) && isDecimal(right)) return compareDecimal(left, right)
  if (isInterval(left) && isInterval(right)) return Number(lengthOf(left) - lengthOf(right))
  if (typeof left === 'number' && typeof right === 'number') return compareDoubles(left, right)
  return compareByType(left, right, type)
}

function compareByType(left: Present, right: Present, type: SqlType): number {
  switch (type.kind) {
    case 'Text':
      return compareText(String(left), String(right))
    case 'Bytes':
      return compareLists([...(left as Uint8Array)], [...(right as Uint8Array)], (a, b) => a - b)
    case 'Vector':
      return compareParts(left, right, () => ({ kind: 'Double' }))
    case 'Array':
      return compareParts(left, right, () => type.element)
    case 'Row':
      return compareParts(left, right, i => type.fields[i]!.type)
    case 'Map':
      return sameMaps(left, right, type.value) ? 0 : 1
    default:
      return left < right ? -1 : left > right ? 1 : 0
  }
}

function compareLists<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T, index: number) => number
): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compare(left[i]!, right[i]!, i)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** Part by part: inside of arrays and rows NULL equals NULL and comes last. */
function compareParts(left: Present, right: Present, typeAt: (index: number) => SqlType): number {
  return compareLists(left as readonly Value[], right as readonly Value[], (a, b, i) =>
    compareNulls(a, b, typeAt(i))
  )
}

function compareNulls(left: Value, right: Value, type: SqlType): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  return compareValues(left, right, type)
}

/** NULL beside NULL counts as the same. */
export function notDistinct(left: Value, right: Value, type: SqlType): boolean {
  return compareNulls(left, right, type) === 0
}

function sameMaps(left: Present, right: Present, type: SqlType): boolean {
  const [a, b] = [left, right] as readonly ReadonlyMap<string, Value>[]
  if (a!.size !== b!.size) return false
  return [...a!].every(([key, value]) => b!.has(key) && notDistinct(value, b!.get(key)!, type))
}

function compareText(left: string, right: string): number {
  return compareLists([...left], [...right], (a, b) => a.codePointAt(0)! - b.codePointAt(0)!)
}

function compareDoubles(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
  }
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether both are one value, NULL too. */
export function sameValue(a: Value, b: Value, type: SqlType): boolean {
  if (a === null || b === null) return a === b
  return compareValues(a, b, type) === 0
}
