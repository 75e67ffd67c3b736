const FIRST_ROWS = 256

/**
 * Rows of one batch that wait for model answers, in columns: `doubles` for arguments, answers and numbers (NaN: NULL),
 * `ranges` for pairs of positions in the batch's bytes, `values` for everything else. Reused from batch to batch.
 */
export class WaitingRows {
  count = 0
  /** Each row's record in the batch. */
  record = new Int32Array(FIRST_ROWS)
  /** 1 where a model failed: the record is rejected already. */
  failed = new Uint8Array(FIRST_ROWS)
  readonly doubles: Float64Array[]
  readonly ranges: Int32Array[]
  readonly values: unknown[][]

  constructor(doubles: number, ranges: number, values: number) {
    this.doubles = Array.from({ length: doubles }, () => new Float64Array(FIRST_ROWS))
    this.ranges = Array.from({ length: ranges }, () => new Int32Array(FIRST_ROWS * 2))
    this.values = Array.from({ length: values }, () => [])
  }

  /** The index of a new row for record `record`; its columns hold what was there before. */
  add(record: number): number {
    const row = this.count++
    if (row === this.record.length) this.#grow(row * 2)
    this.record[row] = record
    this.failed[row] = 0
    return row
  }

  clear(): void {
    this.count = 0
    for (const column of this.values) column.length = 0
  }

  #grow(rows: number): void {
    const { record, failed } = this
    this.record = new Int32Array(rows)
    this.record.set(record)
    this.failed = new Uint8Array(rows)
    this.failed.set(failed)
    this.doubles.forEach((column, i) => {
      this.doubles[i] = new Float64Array(rows)
      this.doubles[i].set(column)
    })
    this.ranges.forEach((column, i) => {
      this.ranges[i] = new Int32Array(rows * 2)
      this.ranges[i].set(column)
    })
  }
}
