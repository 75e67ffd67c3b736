import type { NodeOf, WindowCall } from '../../compiler/ir/index.ts'
import { evalAggregate } from './aggregates.ts'
import { compareValues } from './compare.ts'
import { evalExpr } from './eval.ts'
import { Failure } from './failure.ts'
import { epochMs } from './groups.ts'
import type { Row, Value } from './value.ts'

interface Entry {
  readonly row: Row
  /** When all rows up to its time have come. */
  readonly end: number
  told: boolean
}

/** All rows that an Over has ever seen, in the order of their coming. Each is computed from the beginning when it is told. */
export class OracleOver {
  readonly #node: NodeOf<'Over'>
  #entries: Entry[] = []

  constructor(node: NodeOf<'Over'>) {
    this.#node = node
  }

  /** `mark`: the watermark of the record's partition. */
  add(row: Row, mark: number): void {
    const { column, lag, unit, clock } = this.#node.over.time
    const value = row[column] ?? null
    if (value === null) throw new Failure('null-event-time', 'no time')
    const end = (unit === 'ms' ? Number(value) : epochMs(value as bigint)) + lag
    if (clock === 'event' && end <= mark) throw new Failure('late-row', 'behind')
    this.#entries.push({ row, end, told: false })
  }

  /** Its rows never leave. */
  remove(): void {
    throw new Error('a row leaves an Over')
  }

  rows(): [] {
    return []
  }

  close(mark: number): (() => Row)[] {
    const complete = this.#entries.filter(({ end }) => end <= mark)
    const ready = complete.flatMap(entry => {
      const partition = complete.filter(other => this.#isTogether(entry, other))
      const sorted = partition.toSorted((a, b) => a.end - b.end || this.#compare(a.row, b.row))
      const at = sorted.indexOf(entry)
      return entry.told || !this.#isReady(sorted, at, mark) ? [] : [{ entry, sorted, at }]
    })
    for (const { entry } of ready) entry.told = true
    const ordered = ready.toSorted((a, b) => a.entry.end - b.entry.end)
    return ordered.map(({ entry, sorted, at }) => () => [
      ...entry.row,
      ...this.#node.over.calls.map(call => this.#evaluate(call, sorted, at))
    ])
  }

  /** Whether all rows behind it are known that it looks at. */
  #isReady(sorted: readonly Entry[], at: number, mark: number): boolean {
    return this.#node.over.calls.every(({ call: { name }, offset, frame }) => {
      if (name === 'lead') return at + offset! < sorted.length
      if (name === 'lag' || isRank(name)) return true
      if (frame.unit === 'ROWS') return at + Math.max(frame.end!, 0) < sorted.length
      return sorted[at]!.end + Math.max(frame.end!, 0) <= mark
    })
  }

  #evaluate(one: WindowCall, sorted: readonly Entry[], at: number): Value {
    const { call, offset } = one
    const [value, otherwise] = call.args
    const valueOf = (entry: Entry | undefined, none: Value = null): Value =>
      entry === undefined ? none : evalExpr(value!, entry.row)
    if (call.name === 'lag' || call.name === 'lead') {
      const other = sorted[call.name === 'lag' ? at - offset! : at + offset!]
      return valueOf(other, otherwise === undefined ? null : evalExpr(otherwise, sorted[at]!.row))
    }
    if (isRank(call.name)) return this.#rank(call.name, sorted.slice(0, at + 1))
    const framed = sorted.filter((_, i) => this.#isInFrame(one, sorted, at, i))
    if (call.name === 'first_value') return valueOf(framed[0])
    if (call.name === 'last_value') return valueOf(framed.at(-1))
    if (call.name === 'nth_value') return valueOf(framed[offset! - 1])
    return evalAggregate(
      call,
      framed.map(({ row }) => row)
    )
  }

  /** The place of the last of some rows. */
  #rank(name: string, rows: readonly Entry[]): Value {
    const { row } = rows.at(-1)!
    if (name === 'row_number') return BigInt(rows.length)
    const before = rows.filter(other => this.#compare(other.row, row) < 0)
    if (name === 'rank') return BigInt(before.length + 1)
    const distinct = before.filter(
      (one, i) => i === 0 || this.#compare(before[i - 1]!.row, one.row)
    )
    return BigInt(distinct.length + 1)
  }

  #isInFrame({ frame }: WindowCall, sorted: readonly Entry[], at: number, other: number): boolean {
    const { unit, start, end } = frame
    // What lies between two rows: places, or ms; rows of one place are no distance apart.
    const distance =
      unit === 'ROWS' ? other - at : this.#distance(sorted[at]!, sorted[other]!, [start, end])
    return (start === null || distance >= start) && (end === null || distance <= end)
  }

  /** CURRENT ROW is a peer by all of ORDER BY, which without an interval may have several columns. */
  #distance(from: Entry, to: Entry, bounds: readonly (number | null)[]): number {
    const isPlain = bounds.every(bound => bound === null || bound === 0)
    return isPlain ? this.#compare(to.row, from.row) : to.end - from.end
  }

  #isTogether(a: Entry, b: Entry): boolean {
    return this.#node.over.partition.every(column => {
      const [left, right] = [a.row[column] ?? null, b.row[column] ?? null]
      if (left === null || right === null) return left === right
      return compareValues(left, right, this.#typeOf(column)) === 0
    })
  }

  #typeOf(column: number) {
    return this.#node.inputs[0]!.schema.columns[column]!.type
  }

  /** By ORDER BY. */
  #compare(a: Row, b: Row): number {
    const { time, order } = this.#node.over
    const first = { column: time.column, descending: false, nullsFirst: false }
    for (const { column, descending, nullsFirst } of [first, ...order]) {
      const [left, right] = [a[column] ?? null, b[column] ?? null]
      if (left === null && right === null) continue
      if (left === null || right === null) return (left === null) === nullsFirst ? -1 : 1
      const result = compareValues(left, right, this.#typeOf(column))
      if (result !== 0) return descending ? -result : result
    }
    return 0
  }
}

function isRank(name: string): boolean {
  return name === 'row_number' || name === 'rank' || name === 'dense_rank'
}
