import { commonType, isComparable, isOrdered, TEXT, type SqlType } from '../types/index.ts'
import type { ArgumentType } from './entry.ts'

/** The element type of an array argument; null where it is no array. A bare NULL has none yet. */
export function elementOf({ type }: ArgumentType): SqlType | null {
  if (type.kind === 'Array') return type.element
  return type.kind === 'Null' ? type : null
}

/** What an array of `element` and a value have in common: a string literal takes the element's type. */
export function withItem(
  element: SqlType | null,
  { type, isStringLiteral }: ArgumentType
): SqlType | null {
  if (element === null) return null
  if (isStringLiteral && element.kind !== 'Null') return element
  return commonType(element, isStringLiteral ? TEXT : type)
}

/** TEXT where nothing says what the elements are. */
export function orText(element: SqlType | null): SqlType | null {
  return element?.kind === 'Null' ? TEXT : element
}

/** The element type of an array and values beside it, which have to be comparable. */
export function comparableElement(
  array: ArgumentType,
  items: readonly ArgumentType[]
): SqlType | null {
  const start = elementOf(array)
  const element = orText(items.reduce<SqlType | null>(withItem, start))
  return element !== null && isComparable(element) ? element : null
}

/** The element type of an array whose elements have an order. */
export function orderedElement(array: ArgumentType): SqlType | null {
  const element = orText(elementOf(array))
  return element !== null && isOrdered(element) ? element : null
}

/** How deep arrays are in an array of such elements, itself included: rows are no arrays. */
export function dimensionsOf(element: SqlType): number {
  return element.kind === 'Array' ? 1 + dimensionsOf(element.element) : 1
}
