import type { NodeOf } from '../../compiler/ir/index.ts'
import { compareValues, sameValue } from './compare.ts'
import { evalExpr } from './eval.ts'
import { Failure } from './failure.ts'
import { epochMs } from './groups.ts'
import type { Change } from './table.ts'
import type { Row } from './value.ts'

export type JoinSide = 'left' | 'right'

/** The rows of both sides as lists; what a change makes is the difference between two whole results. */
export class OracleJoin {
  readonly #node: NodeOf<'Join'>
  readonly #told: (error: Failure) => void
  #left: Row[] = []
  #right: Row[] = []
  /** Of rows that are told once: left and right rows that were told alone, or met one. */
  readonly #done = new Set<Row>()

  /** `told` takes the failures of conditions. */
  constructor(node: NodeOf<'Join'>, told: (error: Failure) => void) {
    this.#node = node
    this.#told = told
  }

  /** `mark`: the watermark of the record's partition. */
  change(side: JoinSide, { before, after }: Change, mark: number): Change[] {
    if (after !== null) this.#checkTime(side, after, mark)
    const was = this.#result(null)
    const rows = [...(side === 'left' ? this.#left : this.#right)]
    if (before !== null) {
      const at = rows.findIndex(row => this.#sameRow(side, row, before))
      if (at >= 0) rows.splice(at, 1)
    }
    if (after !== null) {
      for (const { left, right } of this.#node.keys) evalExpr(side === 'left' ? left : right, after)
      rows.push(after)
    }
    if (side === 'left') this.#left = rows
    else this.#right = rows
    const is = this.#result(after)
    return difference(was, is)
  }

  /** The rows that met none, and can meet none any more: the watermarks are those of both sides. */
  close(leftMark: number, rightMark: number): Row[] {
    const { join, times } = this.#node
    if (times === null) return []
    const told: Row[] = []
    const close = (side: JoinSide, rows: readonly Row[], mark: number, length: number): void => {
      for (const row of rows) {
        const time = this.#timeOf(side, row)
        if (time === null || time + length > mark || this.#done.has(row)) continue
        this.#done.add(row)
        const isAlone =
          side === 'left'
            ? !this.#right.some(other => this.#meets(row, other))
            : !this.#left.some(other => this.#meets(other, row))
        if (isAlone) told.push(this.#alone(side, row))
      }
    }
    if (join === 'LEFT' || join === 'FULL' || join === 'ANTI') {
      close('left', this.#left, rightMark, times.to + times.right.lag)
    }
    if (join === 'FULL') close('right', this.#right, leftMark, times.left.lag - times.from)
    return told
  }

  #checkTime(side: JoinSide, row: Row, mark: number): void {
    const { times } = this.#node
    const time = this.#timeOf(side, row)
    if (times === null || time === null) return
    if (time + times[side].lag <= mark) throw new Failure('late-row', 'late')
  }

  #timeOf(side: JoinSide, row: Row): number | null {
    const column = this.#node.times?.[side].column
    const value = column === undefined ? null : (row[column] ?? null)
    if (value === null) return null
    return typeof value === 'bigint' ? epochMs(value) : (value as number)
  }

  /** What the join of all rows is; rows that wait to be told alone are not in it. `fresh`: the row that is new. */
  #result(fresh: Row | null): Row[] {
    const { join, times, traits } = this.#node
    const waits = traits.changes === 'append'
    const pairs = this.#left.map(left =>
      this.#right.filter(right => this.#meets(left, right, fresh))
    )
    const lonely = this.#left.filter((_, i) => pairs[i]!.length === 0)
    const alone = waits ? [] : lonely.map(left => this.#alone('left', left))
    const rows: Row[] = []
    if (join === 'SEMI') return this.#left.filter((_, i) => pairs[i]!.length > 0)
    if (join !== 'ANTI') {
      this.#left.forEach((left, i) => rows.push(...pairs[i]!.map(right => [...left, ...right])))
    }
    if (join !== 'INNER') rows.push(...alone)
    if (join === 'FULL' && !waits) {
      const met = new Set(pairs.flat())
      rows.push(
        ...this.#right.filter(right => !met.has(right)).map(row => this.#alone('right', row))
      )
    }
    if (waits && times !== null) rows.push(...this.#timeless())
    return rows
  }

  /** Rows that can meet none are told at once. */
  #timeless(): Row[] {
    const { join, keys } = this.#node
    const isAlone = (side: JoinSide, row: Row): boolean =>
      this.#timeOf(side, row) === null || keys.some(key => evalExpr(key[side], row) === null)
    const lefts = join === 'LEFT' || join === 'FULL' || join === 'ANTI' ? this.#left : []
    const rights = join === 'FULL' ? this.#right : []
    const told = [
      ...lefts
        .filter(row => isAlone('left', row))
        .map(row => [row, this.#alone('left', row)] as const),
      ...rights
        .filter(row => isAlone('right', row))
        .map(row => [row, this.#alone('right', row)] as const)
    ]
    for (const [row] of told) this.#done.add(row)
    return told.map(([, row]) => row)
  }

  #alone(side: JoinSide, row: Row): Row {
    const { join, inputs } = this.#node
    if (join === 'ANTI' || join === 'SEMI') return row
    const other = inputs[side === 'left' ? 1 : 0].schema.columns.map(() => null)
    return side === 'left' ? [...row, ...other] : [...other, ...row]
  }

  /** What fails is told of the row that is new. */
  #meets(left: Row, right: Row, fresh: Row | null = null): boolean {
    const { keys, condition, times } = this.#node
    if (
      times !== null &&
      (this.#timeOf('left', left) === null || this.#timeOf('right', right) === null)
    )
      return false
    const equal = keys.every(key => {
      const [a, b] = [evalExpr(key.left, left), evalExpr(key.right, right)]
      return a !== null && b !== null && compareValues(a, b, key.left.type) === 0
    })
    if (!equal || condition === null) return equal
    try {
      return evalExpr(condition, [...left, ...right]) === true
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (left === fresh || right === fresh) this.#told(error)
      return false
    }
  }

  #sameRow(side: JoinSide, a: Row, b: Row): boolean {
    const { columns } = this.#node.inputs[side === 'left' ? 0 : 1].schema
    return columns.every(({ type }, i) => sameValue(a[i] ?? null, b[i] ?? null, type))
  }
}

/** What leaves one list of rows and comes into the other, rows that are in both left alone. */
function difference(was: readonly Row[], is: readonly Row[]): Change[] {
  const text = (row: Row): string =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  const left = new Map<string, number>()
  for (const row of was) left.set(text(row), (left.get(text(row)) ?? 0) + 1)
  const came: Change[] = []
  for (const row of is) {
    const count = left.get(text(row)) ?? 0
    if (count > 0) left.set(text(row), count - 1)
    else came.push({ before: null, after: row })
  }
  const gone = was.flatMap((row): Change[] => {
    const count = left.get(text(row)) ?? 0
    if (count === 0) return []
    left.set(text(row), count - 1)
    return [{ before: row, after: null }]
  })
  return [...gone, ...came]
}
