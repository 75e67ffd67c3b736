import type { GroupWindow, TableRow, TopDefinition } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'
import type { SortedList } from './sorted-list.ts'

export interface Entry<Row> {
  readonly row: Row
  /** The key in the changelog. Who takes the last place of another takes its number too: one record for both. */
  readonly id: number
  /** Between equals the earlier arrival is first. */
  readonly arrival: number
  /** Whether the changelog or a checkpoint has a row of this number. */
  stored: boolean
  readonly partition: Partition<Row>
}

export interface Partition<Row> {
  readonly window: GroupWindow
  readonly key: unknown
  readonly rows: SortedList<Entry<Row>>
  /** Whether all places are taken, so that a row behind the last can't come in. Where rows may leave nobody asks. */
  isFull: boolean
  /** What was told of it, since it changed; null: it has not changed since the last barrier. */
  told: readonly Placed<Row>[] | null
  /** Whether it has changed since the last commit. */
  changed: boolean
}

export interface Placed<Row> {
  readonly entry: Entry<Row>
  readonly place: number
}

/** The same row, or the same place, before and after. */
export type Pair<Row> = readonly [before: Placed<Row> | undefined, after: Placed<Row> | undefined]

interface Change<Row> {
  readonly told: readonly Placed<Row>[]
  readonly now: readonly Placed<Row>[]
}

/** Which places the rows of a partition have, and what is told of them. */
export class TopPlaces<Row extends TableRow> {
  readonly #definition: TopDefinition<Row>

  constructor(definition: TopDefinition<Row>) {
    this.#definition = definition
  }

  /** Whether a row that comes now gets no place, where that of `last` is the last one. */
  isBehind(row: Row, last: Row): boolean {
    const { rank, comparePlaces } = this.#definition
    return comparePlaces(row, last) >= (rank === 'ROW_NUMBER' ? 0 : 1)
  }

  /** Removes those behind the last place of an input that only grows. */
  trim(partition: Partition<Row>, remove: (entry: Entry<Row>) => void): void {
    const { rank, to } = this.#definition
    const { rows } = partition
    let last = 0
    const out: Entry<Row>[] = []
    if (rank === 'ROW_NUMBER') {
      if (rows.size > to) out.push(rows.last!)
    } else {
      for (const { entry, place } of this.#places(partition)) {
        if (place > to) out.push(entry)
        else last = place
      }
    }
    for (const entry of out) remove(entry)
    partition.isFull = rank === 'DENSE_RANK' ? last >= to : rows.size >= to
  }

  /** Every row with its place. */
  *#places({ rows }: Partition<Row>): Generator<Placed<Row>> {
    const { rank, comparePlaces } = this.#definition
    let count = 0
    let place = 0
    let before: Row | null = null
    for (const entry of rows) {
      count++
      const isNext =
        rank === 'ROW_NUMBER' || before === null || comparePlaces(before, entry.row) !== 0
      if (isNext) place = rank === 'DENSE_RANK' ? place + 1 : count
      before = entry.row
      yield { entry, place }
    }
  }

  /** The rows that are told. */
  placed(partition: Partition<Row>): Placed<Row>[] {
    const { from, to } = this.#definition
    const placed: Placed<Row>[] = []
    for (const one of this.#places(partition)) {
      if (one.place > to) break
      if (one.place >= from) placed.push(one)
    }
    return placed
  }

  /** A row as it is told. */
  told({ entry, place }: Placed<Row>): TableRow {
    return this.#definition.placed ? [...entry.row, place] : entry.row
  }

  /** What became of places, or rows, of partitions that were told and are now so. */
  pairs(changed: readonly Change<Row>[]): Pair<Row>[] {
    if (this.#definition.tells === 'places') {
      return changed.flatMap(({ told, now }) => byPlace(told, now))
    }
    // A row may have moved from one partition to another: it is still the same.
    return this.#byRow(
      changed.flatMap(({ told }) => told),
      changed.flatMap(({ now }) => now)
    )
  }

  /** Rows that left come first, so that no key is there twice. */
  #byRow(told: readonly Placed<Row>[], now: readonly Placed<Row>[]): Pair<Row>[] {
    const { keyOf } = this.#definition
    const idOf = ({ entry }: Placed<Row>): unknown => (keyOf === null ? entry : keyOf(entry.row))
    const before = new KeyMap<unknown, Placed<Row>>()
    for (const one of told) before.set(idOf(one), one)
    const stays = now.map((one): Pair<Row> => {
      const id = idOf(one)
      const was = before.get(id)
      before.delete(id)
      return [was, one]
    })
    return [...Array.from(before.values(), (was): Pair<Row> => [was, undefined]), ...stays]
  }
}

/** The places that are told follow on one another. */
function byPlace<Row>(told: readonly Placed<Row>[], now: readonly Placed<Row>[]): Pair<Row>[] {
  const count = Math.max(told.length, now.length)
  return Array.from({ length: count }, (_, i) => [told[i], now[i]])
}
