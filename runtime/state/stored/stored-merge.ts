import type { ByteMap, SlicedDefinition, SlicedGroup, StateStore } from '../../contract/index.ts'
import { mergeGroups, type WindowParts } from '../merge-groups.ts'
import { decodeRow, encodeRow } from '../state-codec.ts'
import { TOLD_AT_ONCE } from '../told-at-once.ts'
import { type PlacedGroup, type SamePlace, sideBySide } from './placed-cursors.ts'
import { endOf, numberAt, orderedNumber } from './place.ts'
import type { StoredEnds } from './stored-ends.ts'

/** An end is as long as a number. */
const END = 8
const FIRST = new Uint8Array()
/** What the parts of a window are told apart by while they are read side by side. */
const [BEFORE, BEHIND, OTHER] = [1, 2, 3]

/**
 * As SliceMerge, in a store: what the slices of a window come to so far, by the place of the key. It is made of the slices alone, so it is no
 * part of what is committed, and a process that starts makes it anew. A group of a slice costs some reads and three writes, and one of
 * a window two reads, however many slices that has.
 */
export class StoredMerge<G extends SlicedGroup> {
  readonly #definition: SlicedDefinition<G>
  readonly #slices: StoredEnds<G>
  readonly #store: StateStore
  /**
   * By the end of a slice and the place what all slices from that one on up to the anchor come to, behind the end of the next slice that
   * has something there; Infinity: none has.
   */
  readonly #suffixes: ByteMap
  /** By place the first of them that the window has. */
  readonly #before: ByteMap
  /** What all slices between the anchor and `#reached` come to. */
  readonly #behind: ByteMap
  #anchor = NaN
  #start = -Infinity
  #reached = -Infinity

  constructor(definition: SlicedDefinition<G>, slices: StoredEnds<G>, store: StateStore) {
    this.#definition = definition
    this.#slices = slices
    this.#store = store
    this.#suffixes = store.map('suffixes')
    this.#before = store.map('before')
    this.#behind = store.map('behind')
  }

  /** What the window that ends here has of each key; null: others may get a turn. `ends`: of the slices, ascending. */
  *windowAt(
    end: number,
    ends: readonly number[],
    others: Iterator<PlacedGroup<G>>
  ): Generator<WindowParts<G> | null> {
    const { windows } = this.#definition
    const start = windows.startOf(end)
    const anchor = windows.anchorOf(end)
    if (anchor === this.#anchor) yield* this.#startAt(start)
    else yield* this.#moveTo(anchor, start, ends)
    yield* this.#reach(end, ends)
    const parts = sideBySide([
      [BEFORE, this.#groupsOf(this.#before, END)],
      [BEHIND, this.#groupsOf(this.#behind, 0)],
      [OTHER, others]
    ])
    for (const { groups } of parts) {
      const of = (part: number): G | undefined =>
        groups.find(({ number }) => number === part)?.group
      yield { before: of(BEFORE), behind: of(BEHIND), other: of(OTHER) }
    }
  }

  *#groupsOf(map: ByteMap, from: number): Generator<PlacedGroup<G>> {
    for (const { key, value } of map.range(FIRST, null)) {
      yield { place: key, group: this.#load(value.subarray(from)) }
    }
  }

  #load(row: Uint8Array): G {
    return this.#definition.load(decodeRow(row))
  }

  #save(group: G): Uint8Array {
    return encodeRow(this.#definition.save(group))
  }

  *#moveTo(anchor: number, start: number, ends: readonly number[]): Generator<null> {
    this.#anchor = this.#reached = anchor
    this.#start = start
    this.#store.write(() => {
      for (const map of [this.#suffixes, this.#before, this.#behind]) map.clear()
    })
    const within = ends.filter(end => start < end && end <= anchor)
    const ranges = within.map(end => [end, this.#slices.at(end, within.length)] as const)
    const keys = inParts(sideBySide(ranges), ({ groups }) => groups.length)
    for (const part of keys) {
      this.#store.write(() => {
        for (const one of part) this.#putSuffixes(one)
      })
      yield null
    }
  }

  #putSuffixes({ place, groups }: SamePlace<G>): void {
    let next = Infinity
    let all: G | undefined = undefined
    let value: Uint8Array = FIRST
    for (const { number: end, group } of groups.toReversed()) {
      all = all === undefined ? group : mergeGroups(this.#definition, end, [group, all])
      value = Buffer.concat([orderedNumber(next), this.#save(all)])
      this.#suffixes.put(Buffer.concat([orderedNumber(end), place]), value)
      next = end
    }
    this.#before.put(place, value)
  }

  /** The slices before the start leave. */
  *#startAt(start: number): Generator<null> {
    const left = this.#suffixes.range(behind(this.#start), behind(start))
    this.#start = start
    for (const part of inParts(left)) {
      this.#store.write(() => {
        for (const { key, value } of part) {
          const place = key.subarray(END)
          if (numberAt(value, 0) === Infinity) this.#before.remove(place)
          else {
            const next = this.#suffixes.get(Buffer.concat([value.subarray(0, END), place]))
            this.#before.put(place, next!)
          }
        }
      })
      yield null
    }
  }

  *#reach(end: number, ends: readonly number[]): Generator<null> {
    const within = ends.filter(slice => this.#reached < slice && slice <= end)
    this.#reached = end
    for (const slice of within) {
      for (const part of inParts(this.#slices.at(slice, 1))) {
        this.#store.write(() => {
          for (const { place, group } of part) this.#addBehind(end, place, group)
        })
        yield null
      }
    }
  }

  #addBehind(end: number, place: Uint8Array, group: G): void {
    const known = this.#behind.get(place)
    if (known === undefined) {
      this.#behind.put(place, this.#save(mergeGroups(this.#definition, end, [group])))
      return
    }
    const all = this.#load(known)
    this.#definition.merge(all, group)
    this.#behind.put(place, this.#save(all))
  }
}

/** So much at a time as others wait for; `sizeOf`: what one counts. */
function* inParts<Item>(items: Iterable<Item>, sizeOf = (_: Item) => 1): Generator<Item[]> {
  let part: Item[] = []
  let size = 0
  for (const item of items) {
    part.push(item)
    size += sizeOf(item)
    if (size < TOLD_AT_ONCE) continue
    yield part
    part = []
    size = 0
  }
  if (part.length > 0) yield part
}

/** The first key of what ends later. */
function behind(end: number): Uint8Array {
  return endOf(orderedNumber(end))!
}
