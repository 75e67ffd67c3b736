import type { OverDefinition, OverPlace, TableRow } from '../contract/index.ts'
import type { Timed } from '../time/time-queue.ts'
import { type PlacedRows, RunningFrame } from './running-frame.ts'

/** A row that is kept. */
export interface OverRow<Row extends TableRow = TableRow> extends Timed {
  readonly row: Row
  /** When all rows up to its time have come. */
  readonly at: number
  /** Counts rows as they come; the changelog calls it so. */
  readonly number: number
  readonly partition: OverPartition<Row>
  /** Whether the changelog or a checkpoint has it. */
  stored: boolean
}

const none: readonly [] = []

/** So many rows that are gone stand in front of a list before it is cut. */
const SLACK = 64

/**
 * The rows of one partition that are complete, in order: those that wait for their turn, and before them those that the frames
 * of later ones begin with. Places count from 0, over all rows that there were.
 */
export class OverPartition<Row extends TableRow = TableRow>
  implements OverPlace<Row>, PlacedRows<Row>
{
  readonly definition: OverDefinition<Row>
  readonly key: unknown
  /** What PARTITION BY has. */
  readonly values: readonly unknown[]
  readonly frames: readonly RunningFrame<Row>[]
  /** Rows that have come, and whose time has not. */
  waiting = 0
  /** Whether no more rows come: what waits for rows behind it waits no more. */
  ended = false
  /** Whether the changelog or a checkpoint has it. */
  stored = false
  /** Whether somebody looks at whether time has passed it. */
  watched = false
  /** How many rows are complete, and the place of the one that is told next. */
  count = 0
  #next = 0
  rank = 0
  denseRank = 0
  /** When the last row was complete. */
  #lastAt = -Infinity
  #rows: OverRow<Row>[] = []
  /** The place of the first of them, and of the first that is kept. */
  #start = 0
  #kept = 0
  #heads: Row[] = []

  constructor(definition: OverDefinition<Row>, key: unknown, values: readonly unknown[]) {
    this.definition = definition
    this.key = key
    this.values = values
    this.frames = definition.frames.map(frame => new RunningFrame(frame))
  }

  /** A row has become complete: it stands behind all others. */
  append(row: OverRow<Row>): void {
    this.#rows.push(row)
    this.count++
    this.#lastAt = Math.max(this.#lastAt, row.at)
    if (this.#heads.length < this.definition.heads) this.#heads.push(row.row)
  }

  get lastAt(): number {
    return this.#lastAt
  }

  /** Whether rows are there that have not been told. */
  get isBehind(): boolean {
    return this.#next < this.count
  }

  /** Whether the next row can be told when time has come to `now`. */
  isReady(now: number): boolean {
    const { rows, ms } = this.definition.waits
    if (!this.isBehind) return false
    if (this.ended) return true
    return this.#next + rows < this.count && this.#at(this.#next).at + ms <= now
  }

  /** It is the turn of the next row. */
  enter(): void {
    const { compare } = this.definition
    const before = this.away(-1)
    if (before === null || compare(before, this.row) !== 0) {
      this.rank = this.#next + 1
      this.denseRank++
    }
    for (const frame of this.frames) frame.moveTo(this.#next, this, compare)
  }

  /** Its row has been told; the rows that nobody looks at any more, which leave. */
  leave(): readonly OverRow<Row>[] {
    this.#next++
    const wanted = [this.#next - this.definition.behind, ...this.frames.map(frame => frame.oldest)]
    const oldest = Math.min(...wanted)
    if (oldest <= this.#kept) return none
    const gone = this.#rows.slice(this.#kept - this.#start, oldest - this.#start)
    this.#kept = oldest
    const cut = oldest - this.#start
    if (cut === this.#rows.length || (cut > SLACK && 2 * cut > this.#rows.length)) {
      this.#rows.splice(0, cut)
      this.#start = oldest
    }
    return gone
  }

  /** All that is kept of complete rows. */
  get rows(): readonly OverRow<Row>[] {
    return this.#rows.slice(this.#kept - this.#start)
  }

  /** The rows that have not been told. */
  get pending(): readonly OverRow<Row>[] {
    return this.#rows.slice(this.#next - this.#start)
  }

  #at(place: number): OverRow<Row> {
    return this.#rows[place - this.#start]!
  }

  rowAt(place: number): Row {
    return this.#at(place).row
  }

  timeAt(place: number): number {
    return this.#at(place).at
  }

  get row(): Row {
    return this.rowAt(this.#next)
  }

  get number(): number {
    return this.#next + 1
  }

  away(places: number): Row | null {
    const place = this.#next + places
    return place < this.#kept || place >= this.count ? null : this.rowAt(place)
  }

  first(frame: number): Row | null {
    return this.nth(frame, 1)
  }

  last(frame: number): Row | null {
    const { from, to } = this.frames[frame]!
    return from < to ? this.rowAt(to - 1) : null
  }

  /** Of a frame that begins with the partition the first rows are kept by themselves. */
  nth(frame: number, n: number): Row | null {
    const { from, to } = this.frames[frame]!
    const place = from + n - 1
    if (place >= to) return null
    return place < this.#kept ? this.#heads[place]! : this.rowAt(place)
  }

  counted(frame: number): object {
    return this.frames[frame]!.counted!
  }

  /** What is saved of it beside its rows. */
  save(): readonly unknown[] {
    const { count, rank, denseRank } = this
    const own = [this.#kept, count, this.#next, rank, denseRank, this.#lastAt]
    return [...this.values, own, this.#heads, this.frames.map(frame => frame.save())]
  }

  /** `rows`: all of it that were saved; those that are not complete yet are given back. */
  load(saved: readonly unknown[], rows: readonly OverRow<Row>[]): readonly OverRow<Row>[] {
    const { compare } = this.definition
    const [own, heads, frames] = saved.slice(this.values.length) as [number[], Row[], unknown[]]
    const [kept, count, next, rank, denseRank, lastAt] = own as [
      ...[number, number, number, number, number, number]
    ]
    this.#start = this.#kept = kept
    this.count = count
    this.#next = next
    this.rank = rank
    this.denseRank = denseRank
    this.#lastAt = lastAt
    this.#heads = [...heads]
    const sorted = rows.toSorted(
      (a, b) => a.at - b.at || compare(a.row, b.row) || a.number - b.number
    )
    this.stored = true
    this.#rows = sorted.slice(0, count - kept)
    this.frames.forEach((frame, i) => frame.load(frames[i], this))
    return sorted.slice(count - kept)
  }
}

/** How many items of a saved partition are behind its values. */
const SAVED_BEHIND = 3

/** What PARTITION BY has, of a saved partition. */
export function savedValues(saved: readonly unknown[]): readonly unknown[] {
  return saved.slice(0, -SAVED_BEHIND)
}

/** When the last row of a saved partition was complete. */
export function savedLastAt(saved: readonly unknown[]): number {
  return (saved.at(-SAVED_BEHIND) as readonly number[]).at(-1)!
}
