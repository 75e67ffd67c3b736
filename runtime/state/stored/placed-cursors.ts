import { Heap } from '../../time/heap.ts'

/** A group, and where it stands among those of its slice. */
export interface PlacedGroup<G> {
  readonly place: Uint8Array
  readonly group: G
}

/** One of several ranges of groups that are read side by side, each in the order of its places. */
interface Cursor<G> {
  /** Of those at one place the lower one comes first. */
  readonly number: number
  readonly groups: Iterator<PlacedGroup<G>>
  at: PlacedGroup<G>
}

/** The groups of one place, by the numbers of their ranges, ascending. */
export interface SamePlace<G> {
  readonly place: Uint8Array
  readonly groups: readonly { readonly number: number; readonly group: G }[]
}

/** Reads ranges side by side, by their numbers: in memory is a group of each. */
export function* sideBySide<G>(
  ranges: Iterable<readonly [number: number, groups: Iterator<PlacedGroup<G>>]>
): Generator<SamePlace<G>> {
  const cursors = new Heap<Cursor<G>>(isBefore)
  for (const [number, groups] of ranges) {
    const { done, value } = groups.next()
    if (done !== true) cursors.push({ number, groups, at: value })
  }
  while (cursors.first !== undefined) yield takeFirst(cursors, cursors.first.at.place)
}

function isBefore<G>(one: Cursor<G>, other: Cursor<G>): boolean {
  const order = Buffer.compare(one.at.place, other.at.place)
  return order < 0 || (order === 0 && one.number < other.number)
}

/** What stands at this place, which is the first one; the cursors stand behind it then. */
function takeFirst<G>(cursors: Heap<Cursor<G>>, place: Uint8Array): SamePlace<G> {
  const taken: { number: number; group: G }[] = []
  for (;;) {
    const cursor = cursors.first
    if (cursor === undefined || Buffer.compare(cursor.at.place, place) !== 0) break
    taken.push({ number: cursor.number, group: cursor.at.group })
    const { done, value } = cursor.groups.next()
    if (done === true) cursors.pop()
    else {
      cursor.at = value
      cursors.replace(cursor)
    }
  }
  return { place, groups: taken }
}
