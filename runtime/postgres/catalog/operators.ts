import { ilike, like } from '../../functions/like.ts'
import { regexOfRow } from '../../functions/regexp-pattern.ts'
import { testRegex } from '../../regex/index.ts'
import { elementOf, isList, isNumber, type Value } from './catalog-types.ts'
import { notAnswered } from './not-answered.ts'

/** Of two values that are not NULL. */
type Operate = (a: never, b: never) => Value

const NO_SITE = -1

const matches = (flags: string) => (text: string, pattern: string) =>
  testRegex(regexOfRow(pattern, flags, NO_SITE), String(text))
const likes = (text: string, pattern: string) => like(String(text), pattern, '\\', NO_SITE)
const likesAnyCase = (text: string, pattern: string) => ilike(String(text), pattern, '\\', NO_SITE)
const not = (test: (text: string, pattern: string) => boolean) => (text: string, pattern: string) =>
  !test(text, pattern)

const plain: Readonly<Record<string, Operate>> = {
  '=': (a: Value, b: Value) => compareValues(a, b) === 0,
  '<>': (a: Value, b: Value) => compareValues(a, b) !== 0,
  '!=': (a: Value, b: Value) => compareValues(a, b) !== 0,
  '<': (a: Value, b: Value) => compareValues(a, b) < 0,
  '<=': (a: Value, b: Value) => compareValues(a, b) <= 0,
  '>': (a: Value, b: Value) => compareValues(a, b) > 0,
  '>=': (a: Value, b: Value) => compareValues(a, b) >= 0,
  '~': matches(''),
  '!~': not(matches('')),
  '~*': matches('i'),
  '!~*': not(matches('i')),
  '~~': likes,
  '!~~': not(likes),
  '~~*': likesAnyCase,
  '!~~*': not(likesAnyCase),
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '%': (a: number, b: number) => a % nonZero(b),
  '&': (a: number, b: number) => a & b,
  '|': (a: number, b: number) => a | b,
  '@>': (a: readonly Value[], b: readonly Value[]) => b.every(item => a.includes(item)),
  '<@': (a: readonly Value[], b: readonly Value[]) => a.every(item => b.includes(item)),
  '&&': (a: readonly Value[], b: readonly Value[]) => a.some(item => b.includes(item))
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '&', '|'])

/** What the operator gives, and how. `show`: a value of a side as a text. */
export function operatorOf(
  operator: string,
  left: string,
  right: string,
  show: readonly [(value: Value) => string, (value: Value) => string]
): { readonly type: string; readonly operate: (a: Value, b: Value) => Value } {
  const operate = plain[operator]
  if (operator === '||') return concatenation(left, right, show)
  if (operator === '/') {
    const isWhole = !/^(?:float|numeric)/.test(left) && !/^(?:float|numeric)/.test(right)
    const divide = (a: Value, b: Value): Value => {
      const quotient = (a as number) / nonZero(b as number)
      return isWhole ? Math.trunc(quotient) : quotient
    }
    return { type: widest(left, right), operate: divide }
  }
  if (operate === undefined || !Object.hasOwn(plain, operator)) {
    throw notAnswered(`there is no operator ${operator} here`)
  }
  const type = ARITHMETIC.has(operator) ? widest(left, right) : 'bool'
  return { type, operate: operate as (a: Value, b: Value) => Value }
}

function concatenation(
  left: string,
  right: string,
  [showLeft, showRight]: readonly [(value: Value) => string, (value: Value) => string]
): ReturnType<typeof operatorOf> {
  const list = [left, right].find(type => elementOf(type) !== null)
  if (list === undefined) return { type: 'text', operate: (a, b) => showLeft(a) + showRight(b) }
  const items = (value: Value): readonly Value[] => (isList(value) ? value : [value])
  return { type: list, operate: (a, b) => [...items(a), ...items(b)] }
}

function widest(left: string, right: string): string {
  const order = ['float8', 'float4', 'numeric', 'int8', 'int4', 'int2', 'oid']
  return order.find(type => type === left || type === right) ?? 'int4'
}

function nonZero(value: number): number {
  if (value === 0) throw notAnswered('it divides by zero')
  return value
}

/** Texts by their characters' codes, as in the locale C; false before true; lists item by item. NULL is not asked for. */
export function compareValues(a: Value, b: Value): number {
  if (isList(a) && isList(b)) return compareLists(a, b)
  if (typeof a === typeof b) return a! < b! ? -1 : a! > b! ? 1 : 0
  return compareValues(String(a), String(b))
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareNullable(a[i]!, b[i]!, false)
    if (order !== 0) return order
  }
  return a.length - b.length
}

export function compareNullable(a: Value, b: Value, nullsFirst: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1
  return compareValues(a, b)
}

/** The type that both sides of a comparison are brought to; null: they are compared as they are. */
export function commonType(left: string, right: string): string | null {
  if (left === right) return null
  if (left === 'unknown') return right
  if (right === 'unknown') return left
  // A parameter that a driver has called a text.
  if (
    isNumber(left) !== isNumber(right) &&
    /^(?:text|varchar)$/.test(isNumber(left) ? right : left)
  ) {
    return isNumber(left) ? left : right
  }
  return null
}
