import type { PackedStage, StateChange } from '../contract/index.ts'
import { addInteger, subtractInteger } from '../sql/integer-sum.ts'
import { PackedGroups, STORED, TOUCHED } from './packed-groups.ts'
import { encodeRow } from './state-codec.ts'

/** Groups that are numbers, and what changed of them since the last commit. */
export class PackedChanges extends PackedGroups {
  readonly name: string
  readonly #keys: number
  /** Those that changed since the last commit, in the order of their first change; who is not marked any more has left. */
  #touched: number[] = []
  /** Those before it have been taken. */
  #taken = 0
  /** Keys of stored groups that left, as the changelog spells them. */
  readonly #left: Uint8Array[] = []

  constructor({ name, keys, numbers }: PackedStage) {
    super(keys, numbers)
    this.name = name
    this.#keys = keys
  }

  /** The group changes. */
  touch(): void {
    if ((this.marks[this.place]! & TOUCHED) === 0) this.#touchFirst()
  }

  #touchFirst(): void {
    this.mark(TOUCHED)
    this.#touched.push(this.place)
  }

  addInteger(at: number, value: number | bigint): void {
    if (typeof value === 'number') {
      const sum = this.numbers[at]! + value
      if (Number.isSafeInteger(sum)) {
        this.numbers[at] = sum
        return
      }
    }
    this.setValueAt(at, addInteger(this.valueAt(at)!, value))
  }

  subtractInteger(at: number, value: number | bigint): void {
    if (typeof value === 'number') {
      const sum = this.numbers[at]! - value
      if (Number.isSafeInteger(sum)) {
        this.numbers[at] = sum
        return
      }
    }
    this.setValueAt(at, subtractInteger(this.valueAt(at)!, value))
  }

  takeLeast(at: number, value: number | bigint): void {
    const { numbers } = this
    if (typeof value === 'number' && value < numbers[at]!) numbers[at] = value
    else this.#takeOdd(at, value, -1)
  }

  takeGreatest(at: number, value: number | bigint): void {
    const { numbers } = this
    if (typeof value === 'number' && value > numbers[at]!) numbers[at] = value
    else this.#takeOdd(at, value, 1)
  }

  /** `sign`: of what a better value is to the one that is there. */
  #takeOdd(at: number, value: number | bigint, sign: number): void {
    const best = this.valueAt(at)
    if (best === null || compare(value, best) === sign) this.setValueAt(at, value)
  }

  /** The group that is looked at is gone. */
  leave(): void {
    if (this.isMarked(STORED)) this.#left.push(encodeRow(this.saveKeys()))
    this.drop()
  }

  takeChanges(limit = Infinity): StateChange[] {
    const { name } = this
    // Where nothing has left, what `map` answers would have another shape for V8.
    const changes: StateChange[] = []
    for (const key of this.#left) changes.push({ table: name, key, row: null })
    // Not a new one, of which V8 would have to learn what it holds.
    this.#left.length = 0
    for (; this.#taken < this.#touched.length; this.#taken++) {
      if (changes.length >= limit) return changes
      if (!this.isThere(this.#touched[this.#taken]!, TOUCHED)) continue
      this.unmark(TOUCHED)
      const { key, row } = this.encode()
      changes.push({ table: name, key, row })
    }
    this.#touched = []
    this.#taken = 0
    return changes
  }

  /** The group that is looked at as the changelog spells it. */
  encode(): { readonly key: Uint8Array; readonly row: Uint8Array } {
    const saved = this.save()
    // What has it from now on has to be told when it leaves.
    this.mark(STORED)
    return { key: encodeRow(saved.slice(0, this.#keys)), row: encodeRow(saved) }
  }
}

/** As SQL orders numbers: NaN is the greatest. A bigint is never what a number can say. */
function compare(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1
}
