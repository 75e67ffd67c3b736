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

/** A list whose names are looked up as `matchName` does it, however long it is. */
export interface NameIndex<T> {
  readonly values: readonly T[]
  add(value: T): void
  find(wanted: Pick<Identifier, 'name' | 'quoted'>): Match<T>
  /** The first of exactly this name. */
  exact(name: string): T | null
}

export function makeNameIndex<T>(nameOf: (value: T) => string): NameIndex<T> {
  const values: T[] = []
  const exact = new Map<string, T[]>()
  const lower = new Map<string, T[]>()
  return {
    values,
    add(value) {
      values.push(value)
      append(exact, nameOf(value), value)
      append(lower, nameOf(value).toLowerCase(), value)
    },
    find({ name, quoted }) {
      const same = exact.get(name) ?? []
      if (same.length > 0 || quoted) return one(same)
      return one(lower.get(name.toLowerCase()) ?? [])
    },
    exact: name => exact.get(name)?.[0] ?? null
  }
}

function append<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [value])
  else list.push(value)
}

function one<T>(values: readonly T[]): Match<T> {
  if (values.length === 0) return { kind: 'None' }
  return values.length === 1 ? { kind: 'Found', value: values[0]! } : { kind: 'Ambiguous', values }
}
