import type { NodeOf } from '../../compiler/ir/index.ts'
import { compareValues } from './compare.ts'
import { evalExpr } from './eval.ts'
import { Failure } from './failure.ts'
import type { JoinSide } from './joins.ts'
import type { Row, Value } from './value.ts'

interface Version {
  /** Null: nothing is valid any more. */
  readonly row: Row | null
  readonly key: readonly Value[]
  /** From when on it is valid: what comes late, from the watermark on. */
  readonly from: number
}

/** Left rows that wait, and every version that ever came. */
export class OracleAsOf {
  readonly #node: NodeOf<'Join'>
  readonly #told: (error: Failure) => void
  #waiting: { readonly row: Row; readonly time: number }[] = []
  readonly #versions: Version[] = []

  /** `told` takes the failures of conditions. */
  constructor(node: NodeOf<'Join'>, told: (error: Failure) => void) {
    this.#node = node
    this.#told = told
  }

  /** The rows that can meet none, and are told at once. `mark`: the watermark of the record's partition. */
  add(side: JoinSide, row: Row, mark: number): Row[] {
    const { times, keys, asOf } = this.#node
    const { column, lag } = times![side]
    const time = (row[column] ?? null) as number | null
    const isVersion = side === 'right' && asOf!.rows === 'table'
    if (time !== null && time + lag <= mark && !isVersion) throw new Failure('late-row', 'late')
    const key = keys.map(one => evalExpr(one[side], row))
    const meetsNone = time === null || key.includes(null)
    if (side === 'left' && meetsNone) return this.#alone(row)
    if (meetsNone) return []
    if (side === 'left') this.#waiting.push({ row, time })
    else this.#keep(row, key, time, mark)
    return []
  }

  /** What is valid of a key ends; null: of all keys. */
  end(key: readonly Value[] | null, time: number, mark: number): void {
    const keys = key === null ? this.#versions.map(version => version.key) : [key]
    for (const one of keys) this.#keep(null, one, time, mark)
  }

  #keep(row: Row | null, key: readonly Value[], time: number, mark: number): void {
    const { lag } = this.#node.times!.right
    this.#versions.push({ row, key, from: Math.max(time, mark - lag + 1) })
  }

  /** The rows for which no version can come any more, at the watermark of the right side. */
  close(rightMark: number): Row[] {
    const { times } = this.#node
    const isDone = (time: number): boolean => time + times!.to + times!.right.lag <= rightMark
    const done = this.#waiting.filter(({ time }) => isDone(time))
    this.#waiting = this.#waiting.filter(({ time }) => !isDone(time))
    return done.toSorted((a, b) => a.time - b.time).flatMap(one => this.#tell(one.row, one.time))
  }

  #tell(row: Row, time: number): Row[] {
    const { keys, asOf } = this.#node
    const isValid = ({ key, from }: Version): boolean =>
      (asOf!.strict ? from < time : from <= time) &&
      keys.every(({ left }, i) => compareValues(evalExpr(left, row)!, key[i]!, left.type) === 0)
    // Of those with one time the later arrival.
    const [last] = this.#versions
      .filter(isValid)
      .toReversed()
      .toSorted((a, b) => b.from - a.from)
    const found = last?.row ?? null
    return found !== null && this.#holds(row, found) ? [[...row, ...found]] : this.#alone(row)
  }

  #holds(left: Row, right: Row): boolean {
    const { condition } = this.#node
    try {
      return condition === null || evalExpr(condition, [...left, ...right]) === true
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#told(error)
      return false
    }
  }

  #alone(row: Row): Row[] {
    const { join, inputs } = this.#node
    return join === 'LEFT' ? [[...row, ...inputs[1].schema.columns.map(() => null)]] : []
  }
}
