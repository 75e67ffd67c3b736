import type { FrameDefinition, TableRow } from '../contract/index.ts'

/** The complete rows of a partition, by their place in it. */
export interface PlacedRows<Row extends TableRow> {
  /** How many there are. */
  readonly count: number
  rowAt(place: number): Row
  timeAt(place: number): number
}

/**
 * A frame that goes from row to row: rows come into it at its end and leave it at its start, each once. So a row costs the
 * same in a frame of any length.
 */
export class RunningFrame<Row extends TableRow> {
  readonly definition: FrameDefinition<Row>
  /** The places of its first row, and of the one behind its last. */
  from = 0
  to = 0
  counted: object | null

  constructor(definition: FrameDefinition<Row>) {
    this.definition = definition
    this.counted = definition.counts?.make() ?? null
  }

  /** Whether rows leave it. */
  get slides(): boolean {
    return this.definition.start !== null
  }

  /** The first place that is still to be looked at. */
  get oldest(): number {
    if (this.slides) return this.from
    return this.definition.last ? Math.max(this.to - 1, 0) : this.to
  }

  /** Goes on to the frame of a row. */
  moveTo(place: number, rows: PlacedRows<Row>, compare: (a: Row, b: Row) => number): void {
    const { unit, start, end } = this.definition
    const row = rows.rowAt(place)
    const time = unit === 'RANGE' ? rows.timeAt(place) : 0
    const isBefore = (other: number, offset: number): boolean => {
      if (unit === 'ROWS') return other < place + offset
      if (offset === 0) return compare(rows.rowAt(other), row) < 0
      return rows.timeAt(other) < time + offset
    }
    const isUpTo = (other: number, offset: number): boolean => {
      if (unit === 'ROWS') return other <= place + offset
      if (offset === 0) return compare(rows.rowAt(other), row) <= 0
      return rows.timeAt(other) <= time + offset
    }
    while (this.to < rows.count && (end === null || isUpTo(this.to, end))) {
      this.#add(rows.rowAt(this.to++))
    }
    if (start === null) return
    while (this.from < this.to && isBefore(this.from, start)) this.#remove(rows.rowAt(this.from++))
  }

  #add(row: Row): void {
    if (this.counted !== null) this.definition.counts!.add(this.counted, row)
  }

  #remove(row: Row): void {
    if (this.counted !== null) this.definition.counts!.remove(this.counted, row)
  }

  /** What rows leave can be counted again from those that are kept. */
  save(): unknown {
    const { counted, definition, from, to, slides } = this
    return [from, to, counted === null || slides ? null : definition.counts!.save(counted)]
  }

  load(saved: unknown, rows: PlacedRows<Row>): void {
    const [from, to, counted] = saved as [number, number, readonly unknown[] | null]
    this.from = from
    this.to = to
    if (counted !== null) this.counted = this.definition.counts!.load(counted)
    if (this.slides) for (let place = from; place < to; place++) this.#add(rows.rowAt(place))
  }
}
