/** How often a case that fails is run to make it smaller. */
const ATTEMPTS = 300

/** Leaves out halves, quarters, and so on, as long as it fails. */
export async function shrinkList<Item>(
  items: readonly Item[],
  fails: (less: readonly Item[]) => Promise<boolean>
): Promise<readonly Item[]> {
  let left = ATTEMPTS
  let current = items
  for (let size = Math.ceil(items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < current.length && left > 0; left--) {
      const less = current.toSpliced(start, size)
      if (await fails(less)) current = less
      else start += size
    }
  }
  return current
}
