/** Of what may be in two that become one, by what was in the last that was full: what is copied at once. */
const SHARE = 1 / 8

interface Sized {
  readonly size: number
}

/**
 * Sets or Maps that were full, the last of them now. Neighbours that lost most of what they had become one, so that there are never
 * many more than what they have needs, whatever comes and goes.
 */
export function mergeFull<Full extends Sized>(
  full: readonly Full[],
  move: (into: Full, from: Full) => void
): readonly Full[] {
  const most = full.at(-1)!.size * SHARE
  const merged: Full[] = []
  for (const one of full) {
    if (one.size === 0) continue
    const before = merged.at(-1)
    if (before !== undefined && before.size + one.size <= most) move(before, one)
    else merged.push(one)
  }
  return merged
}
