import type { AbortedTransaction } from '../wire/fetch.ts'
import type { BatchHead } from '../wire/record-batch.ts'
import { VarintCursor } from '../wire/walk-slowly.ts'

/** The type in the key of a control record: https://kafka.apache.org/documentation/#controlbatch */
const ABORT = 0

/** Which batches of a fetched part were taken back: the broker names the transactions, and marks in the log end them. */
export class AbortedRecords {
  readonly #transactions: readonly AbortedTransaction[]
  #next = 0
  readonly #producers = new Set<number>()

  constructor(transactions: readonly AbortedTransaction[]) {
    this.#transactions = transactions.toSorted((a, b) => a.firstOffset - b.firstOffset)
  }

  /** To be asked of each batch, in their order. */
  has(head: BatchHead, bytes: Uint8Array): boolean {
    for (; this.#next < this.#transactions.length; this.#next++) {
      const { producer, firstOffset } = this.#transactions[this.#next]!
      if (firstOffset > head.lastOffset) break
      this.#producers.add(producer)
    }
    if (!head.isTransactional || !this.#producers.has(head.producer)) return false
    if (head.isControl && controlType(head, bytes) === ABORT) this.#producers.delete(head.producer)
    return true
  }
}

/** Of the only record of a control batch: its key is a version and a type, of 16 bits each. */
function controlType(head: BatchHead, bytes: Uint8Array): number {
  const cursor = new VarintCursor(bytes, head.start)
  cursor.number()
  cursor.pos++
  cursor.number()
  cursor.number()
  const key = cursor.part(head.end)
  if (key === undefined || key.end - key.start < 4) return -1
  return (bytes[key.start + 2]! << 8) | bytes[key.start + 3]!
}
