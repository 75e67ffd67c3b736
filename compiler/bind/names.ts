import type { Identifier } from '../ast/index.ts'

export type Match<T> =
  | { readonly kind: 'Found'; readonly value: T }
  | { readonly kind: 'None' }
  | { readonly kind: 'Ambiguous'; readonly values: readonly T[] }

/**
 * Names keep their case and resolve without regard to it where only one fits. An exact match wins; a quoted name takes
 * nothing else.
 */
export function matchName<T>(
  wanted: Pick<Identifier, 'name' | 'quoted'>,
  candidates: readonly T[],
  nameOf: (candidate: T) => string
): Match<T> {
  const exact = candidates.filter(candidate => nameOf(candidate) === wanted.name)
  if (exact.length > 0 || wanted.quoted) return one(exact)
  const lower = wanted.name.toLowerCase()
  return one(candidates.filter(candidate => nameOf(candidate).toLowerCase() === lower))
}

function one<T>(values: readonly T[]): Match<T> {
  if (values.length === 0) return { kind: 'None' }
  return values.length === 1 ? { kind: 'Found', value: values[0]! } : { kind: 'Ambiguous', values }
}
