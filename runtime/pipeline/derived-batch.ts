import type { DerivedRows, RecordError } from '../contract/index.ts'

const NOTHING = Int32Array.of(-1)
const NOWHERE = Float64Array.of(-1)

/** A row of a table or a stage as a batch of one: it has no place in a topic, no key and no value of its own. */
export class DerivedBatch implements DerivedRows {
  row: readonly unknown[] = []
  readonly bytes = new Uint8Array(0)
  readonly count = 1
  readonly size = 0
  readonly keyStart = NOTHING
  readonly keyEnd = NOTHING
  readonly valueStart = NOTHING
  readonly valueEnd = NOTHING
  readonly partition = NOTHING
  readonly offset = NOWHERE
  readonly timestamp = Float64Array.of(0)
  readonly utf8 = true
  readonly hasHeaders = false
  readonly #failed: (row: readonly unknown[], error: RecordError) => void

  constructor(failed: (row: readonly unknown[], error: RecordError) => void) {
    this.#failed = failed
  }

  headers(): readonly [] {
    return []
  }

  traceContext(): null {
    return null
  }

  reject(_record: number, error: RecordError): void {
    this.#failed(this.row, error)
  }
}
