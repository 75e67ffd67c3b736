import type { ByteMap } from '../../contract/index.ts'
import { numberAt, orderedNumber } from './place.ts'

const NEXT = Buffer.from('next')
/** So many numbers are put aside at a time. */
const BLOCK = 1000

/** Numbers of rows whose highest is kept in a store, also where the row that has it is gone. */
export class StoredNumbers {
  readonly #facts: ByteMap
  #next = 1

  constructor(facts: ByteMap) {
    this.#facts = facts
    const known = facts.get(NEXT)
    if (known !== undefined) this.#next = numberAt(known, 0)
  }

  /** No row in the store has this number, nor a higher one. */
  get next(): number {
    return this.#next
  }

  /** A row has this number. To be called where the store may be written. */
  raise(number: number): void {
    if (number < this.#next) return
    this.#next = number + BLOCK
    this.#facts.put(NEXT, orderedNumber(this.#next))
  }
}
