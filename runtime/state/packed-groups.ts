import type { PackedNumber } from '../contract/index.ts'
import { DoubleSum, type SavedSum, SUM_WIDTH } from '../sql/double-sum.ts'
import { KeyMap } from './key-map.ts'
import { addToSum, loadSum, readSum, saveSum } from './packed-sum.ts'

/** So many groups share a page of numbers: what there is grows without being copied. */
const GROUPS = 1 << 10
const IN_PAGE = GROUPS - 1
const PAGE_BITS = 10

/** What is known of a group beside its keys and numbers: bits. */
export const STORED = 1
export const TOUCHED = 2
export const UNTOLD = 4
export const KEPT = 8

/** In place of a place, or of where numbers begin. */
export const NO_GROUP = -1

const NOTHING = new Float64Array()

/**
 * The memory of groups that are numbers: a group is a place, and has no object of its own. One place is looked at at a time. Of what may be
 * more than a number NaN says NULL, unless `#odd` has what a Float64Array can't say: a wide integer, or NaN itself. A sum that is more than
 * its numbers can say is there, too: NaN stands for how many values it has.
 */
export class PackedGroups {
  readonly #fields: readonly PackedNumber[]
  /** What the numbers of a group begin as. */
  readonly #starts: readonly number[]
  readonly #width: number
  /** `NOTHING` where the page was given back. */
  readonly #pages: Float64Array[] = []
  /** How many groups are in each page. */
  readonly #inPage: number[] = []
  /** How many pages there are, and how many of them nothing is in. */
  #held = 0
  #empty = 0
  /** By column and place, so that each stays an array of what V8 keeps without a box. */
  readonly #keys: readonly unknown[][]
  /** By place. */
  marks = new Uint8Array(GROUPS)
  /** By place what was told of groups that have changed since. */
  readonly #told: unknown[] = []
  readonly #free: number[] = []
  #next = 0
  readonly #odd = new KeyMap<number, number | bigint | DoubleSum>()
  /** The group that is looked at. */
  place = -1
  /** What its numbers are in, others' beside. */
  numbers: Float64Array = NOTHING

  constructor(keys: number, fields: readonly PackedNumber[]) {
    this.#keys = Array.from({ length: keys }, () => [])
    this.#fields = fields
    this.#starts = fields.flatMap(kind => {
      if (kind === 'sum') return Array<number>(SUM_WIDTH).fill(0)
      return [kind === 'value' ? NaN : 0]
    })
    this.#width = this.#starts.length
  }

  /** Looks at a group: where the first of its numbers is. */
  go(place: number): number {
    this.place = place
    this.numbers = this.#pages[place >>> PAGE_BITS]!
    return (place & IN_PAGE) * this.#width
  }

  /** Looks at a place, and answers whether a group is there that has a mark. */
  isThere(place: number, mark: number): boolean {
    this.go(place)
    return this.isMarked(mark)
  }

  /** Makes a group and looks at it. */
  make(keys: readonly unknown[]): number {
    const place = this.#newPlace()
    const at = this.go(place)
    const starts = this.#starts
    for (let i = 0; i < starts.length; i++) this.numbers[at + i] = starts[i]!
    for (let i = 0; i < keys.length; i++) this.#keys[i]![place] = keys[i]
    return at
  }

  /** Makes a group with the keys and the numbers of another, and looks at it. */
  makeLike(other: number): number {
    const place = this.#newPlace()
    const from = this.go(other)
    const { numbers: others } = this
    const at = this.go(place)
    const { numbers } = this
    for (let i = 0; i < this.#width; i++) numbers[at + i] = others[from + i]!
    for (const column of this.#keys) column[place] = column[other]
    if (this.#odd.size > 0) this.#copyOdd(other * this.#width, place * this.#width)
    return at
  }

  #copyOdd(from: number, to: number): void {
    for (let i = 0; i < this.#width; i++) {
      const odd = this.#odd.get(from + i)
      if (odd !== undefined) this.#odd.set(to + i, odd)
    }
  }

  #newPlace(): number {
    const place = this.#free.pop() ?? this.#next++
    this.#enter(place >>> PAGE_BITS)
    return place
  }

  /** A page gets another group. */
  #enter(page: number): void {
    const groups = this.#inPage[page]
    this.#inPage[page] = (groups ?? 0) + 1
    if (groups !== undefined && groups > 0) return
    if (groups === 0 && this.#pages[page] !== NOTHING) {
      this.#empty--
      return
    }
    this.#pages[page] = new Float64Array(GROUPS * this.#width)
    this.#held++
    if ((page + 1) * GROUPS <= this.marks.length) return
    const marks = new Uint8Array(this.marks.length * 2)
    marks.set(this.marks)
    this.marks = marks
  }

  /** The group that is looked at is gone; its place is another's from now on. */
  drop(): void {
    const { place } = this
    this.marks[place] = 0
    // Numbers hold nothing, and an array of them stays one.
    for (const column of this.#keys) if (typeof column[place] !== 'number') column[place] = null
    if (this.#told.length > place) this.#told[place] = undefined
    for (let i = 0; this.#odd.size > 0 && i < this.#width; i++) {
      this.#odd.delete(place * this.#width + i)
    }
    this.#free.push(place)
    if (--this.#inPage[place >>> PAGE_BITS]! === 0) this.#leavePage(place >>> PAGE_BITS)
  }

  /** Nothing is in the page: it goes where half of them are empty already. */
  #leavePage(page: number): void {
    if (this.#empty * 2 < this.#held) {
      this.#empty++
      return
    }
    this.#held--
    this.#pages[page] = NOTHING
  }

  keyAt(column: number): unknown {
    return this.#keys[column]![this.place]
  }

  setKey(column: number, value: unknown): void {
    this.#keys[column]![this.place] = value
  }

  isMarked(mark: number): boolean {
    return (this.marks[this.place]! & mark) !== 0
  }

  mark(mark: number): void {
    this.marks[this.place]! |= mark
  }

  unmark(mark: number): void {
    this.marks[this.place]! &= ~mark
  }

  get told(): unknown {
    return this.#told[this.place]
  }

  set told(row: unknown) {
    this.#told[this.place] = row
  }

  /** Of what may be more than a number; `at`: where it is in `numbers`. */
  valueAt(at: number): number | bigint | null {
    const number = this.numbers[at]!
    return number === number
      ? number
      : ((this.#odd.get(this.#slotOf(at)) as bigint | undefined) ?? null)
  }

  setValueAt(at: number, value: number | bigint | null): void {
    const isNumber = typeof value === 'number' && value === value
    this.numbers[at] = isNumber ? value : NaN
    if (isNumber || value === null) {
      if (this.#odd.size > 0) this.#odd.delete(this.#slotOf(at))
    } else this.#odd.set(this.#slotOf(at), value)
  }

  /** `at`: where a sum begins in `numbers`. */
  addDouble(at: number, value: number): void {
    const isWide = Number.isNaN(this.numbers[at])
    if (isWide || !addToSum(this.numbers, at, value, 1)) this.#wideSum(at).add(value)
  }

  removeDouble(at: number, value: number): void {
    const isWide = Number.isNaN(this.numbers[at])
    if (isWide || !addToSum(this.numbers, at, value, -1)) this.#wideSum(at).remove(value)
  }

  /** Null: no value. */
  doubleSum(at: number): number | null {
    return Number.isNaN(this.numbers[at]) ? this.#wideSum(at).sum() : readSum(this.numbers, at)
  }

  doubleAverage(at: number): number | null {
    if (Number.isNaN(this.numbers[at])) return this.#wideSum(at).average()
    const sum = readSum(this.numbers, at)
    return sum === null ? null : sum / this.numbers[at]!
  }

  /** The sum as an object, which it is from now on. */
  #wideSum(at: number): DoubleSum {
    const found = this.#odd.get(this.#slotOf(at)) as DoubleSum | undefined
    if (found !== undefined) return found
    const sum = DoubleSum.load(saveSum(this.numbers, at))
    this.#setWideSum(at, sum)
    return sum
  }

  #setWideSum(at: number, sum: DoubleSum): void {
    this.numbers[at] = NaN
    this.#odd.set(this.#slotOf(at), sum)
  }

  #saveSum(at: number): SavedSum {
    return Number.isNaN(this.numbers[at]) ? this.#wideSum(at).save() : saveSum(this.numbers, at)
  }

  #loadSum(at: number, saved: SavedSum): void {
    if (loadSum(this.numbers, at, saved)) this.#odd.delete(this.#slotOf(at))
    else this.#setWideSum(at, DoubleSum.load(saved))
  }

  #slotOf(at: number): number {
    return this.place * this.#width + (at % this.#width)
  }

  /** The group that is looked at as a tuple. */
  save(): unknown[] {
    const saved = this.saveKeys()
    let at = this.go(this.place)
    for (const kind of this.#fields) {
      saved.push(this.#saveAt(kind, at))
      at += widthOf(kind)
    }
    return saved
  }

  #saveAt(kind: PackedNumber, at: number): unknown {
    if (kind === 'number') return this.numbers[at]
    return kind === 'sum' ? this.#saveSum(at) : this.valueAt(at)
  }

  saveKeys(): unknown[] {
    const keys = this.#keys
    const saved: unknown[] = []
    for (let i = 0; i < keys.length; i++) saved.push(keys[i]![this.place])
    return saved
  }

  /** The group that is looked at has the numbers of a tuple. */
  load(saved: readonly unknown[]): void {
    let at = this.go(this.place)
    let next = this.#keys.length
    for (const kind of this.#fields) {
      const value = saved[next++]
      if (kind === 'number') this.numbers[at] = value as number
      else if (kind === 'sum') this.#loadSum(at, value as SavedSum)
      else this.setValueAt(at, value as number | bigint | null)
      at += widthOf(kind)
    }
  }
}

function widthOf(kind: PackedNumber): number {
  return kind === 'sum' ? SUM_WIDTH : 1
}
