import type { KeySet } from './key-set.ts'

/** What `make` makes of the first items of a set, which leave it; up to `limit` of them. */
export function takeSome<Item, Made>(
  items: KeySet<Item>,
  limit: number,
  make: (item: Item) => Made
): Made[] {
  const made: Made[] = []
  for (const item of items) {
    if (made.length >= limit) return made
    items.delete(item)
    made.push(make(item))
  }
  return made
}
