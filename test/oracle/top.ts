import type { NodeOf } from '../../compiler/ir/index.ts'
import { compareValues } from './compare.ts'
import { Failure } from './failure.ts'
import { epochMs } from './groups.ts'
import type { Row } from './value.ts'

/** The rows of a TopN as a list in the order of their coming. */
export class OracleTop {
  readonly #node: NodeOf<'TopN'>
  #rows: Row[] = []

  constructor(node: NodeOf<'TopN'>) {
    this.#node = node
  }

  /** `mark`: the watermark of the record's partition. */
  add(row: Row, mark: number): void {
    if (this.#node.window !== null) {
      const end = this.#completeAt(row)
      if (end === null) throw new Failure('null-event-time', 'no time')
      if (end <= mark) throw new Failure('late-row', 'closed')
    }
    this.#rows.push(row)
  }

  /** Takes one row away that equals `row`. */
  remove(row: Row): void {
    const columns = [...row.keys()]
    const at = this.#rows.findIndex(other => this.#isSame(other, row, columns))
    if (at >= 0) this.#rows.splice(at, 1)
  }

  #completeAt(row: Row): number | null {
    const { column, lag, unit } = this.#node.window!
    const value = row[column] ?? null
    if (value === null) return null
    return (unit === 'ms' ? Number(value) : epochMs(value as bigint)) + lag
  }

  close(mark: number): (() => Row)[] {
    const isComplete = (row: Row): boolean => this.#completeAt(row)! <= mark
    const done = this.#rows.filter(isComplete)
    this.#rows = this.#rows.filter(row => !isComplete(row))
    return this.#placed(done)
  }

  rows(): (() => Row)[] {
    return this.#placed(this.#rows)
  }

  #placed(rows: readonly Row[]): (() => Row)[] {
    const { rank, partition, from, to, place: name } = this.#node.top
    return rows
      .toSorted((a, b) => this.#compare(a, b))
      .flatMap((row, i, sorted) => {
        const before = sorted.slice(0, i).filter(other => this.#isSame(other, row, partition))
        const better = before.filter(other => !this.#isPeer(other, row))
        const distinct = better.filter(
          (one, n) => !better.slice(0, n).some(b => this.#isPeer(b, one))
        )
        const places = {
          ROW_NUMBER: before.length,
          RANK: better.length,
          DENSE_RANK: distinct.length
        }
        const place = places[rank] + 1
        if (place < from || place > to) return []
        return [() => (name === null ? row : [...row, BigInt(place)])]
      })
  }

  #isSame(a: Row, b: Row, columns: readonly number[]): boolean {
    return columns.every(column => this.#compareColumn(column, a, b) === 0)
  }

  /** Whether ORDER BY leaves two rows equal. */
  #isPeer(a: Row, b: Row): boolean {
    const { order, written } = this.#node.top
    return this.#isSame(
      a,
      b,
      order.slice(0, written).map(({ column }) => column)
    )
  }

  #compare(a: Row, b: Row): number {
    for (const { column, descending, nullsFirst } of this.#node.top.order) {
      const [left, right] = [a[column] ?? null, b[column] ?? null]
      if (left === null && right === null) continue
      if (left === null || right === null) return (left === null) === nullsFirst ? -1 : 1
      const result = this.#compareColumn(column, a, b)
      if (result !== 0) return descending ? -result : result
    }
    return 0
  }

  #compareColumn(column: number, a: Row, b: Row): number {
    const [left, right] = [a[column] ?? null, b[column] ?? null]
    if (left === null || right === null) return left === right ? 0 : 1
    return compareValues(left, right, this.#node.inputs[0]!.schema.columns[column]!.type)
  }
}
