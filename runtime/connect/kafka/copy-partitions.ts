import type { SourceDefinition } from '../../contract/index.ts'
import type { Logger } from '../../observe/log.ts'
import type { StartOffset } from './start-offsets.ts'

/** Before a topic that is not there is looked for again where no group does, in ms. */
const LOOK_FOR_TOPIC = 500

export interface CopyListener {
  /** These partitions are new. */
  found(partitions: readonly number[]): void
  /** There is no such topic yet. */
  missing(): void
  failed(error: unknown): void
}

/** The partitions of a copy of a table, which is read whole: no group gives them. */
export class CopyPartitions {
  readonly #interval: number
  readonly #count: () => Promise<number>
  readonly #listener: CopyListener
  #found = 0
  /** When to look for more; Infinity: somebody looks. */
  #nextLook = 0

  /** `interval`: between two looks for new ones, in ms. `count`: asks how many there are. */
  constructor(interval: number, count: () => Promise<number>, listener: CopyListener) {
    this.#interval = interval
    this.#count = count
    this.#listener = listener
  }

  /** To be called before each poll; waits for no answer. */
  look(): void {
    if (performance.now() < this.#nextLook) return
    this.#nextLook = Infinity
    void this.#count()
      .then(
        count => this.#take(count),
        (error: unknown) => this.#listener.failed(error)
      )
      .finally(() => {
        const wait = this.#found === 0 ? LOOK_FOR_TOPIC : this.#interval
        this.#nextLook = performance.now() + wait
      })
  }

  #take(count: number): void {
    const partitions: number[] = []
    for (let partition = this.#found; partition < count; partition++) partitions.push(partition)
    this.#found = Math.max(count, this.#found)
    if (partitions.length > 0) this.#listener.found(partitions)
    if (count === 0) this.#listener.missing()
  }
}

/** Records that were deleted are no fault of this start; what they held is in no table that is read anew. */
export function warnOfGone(
  { topic, table }: SourceDefinition,
  starts: readonly StartOffset[],
  log: Logger
): void {
  for (const { partition, offset } of starts) {
    if (offset === 0) continue
    const hint = 'Keep its last record of each key: cleanup.policy=compact.'
    const text = `partition ${partition} of topic "${topic}" begins at offset ${offset}: table "${table}" has no row that only stood before it`
    log.log('warn', text, { hint })
  }
}
