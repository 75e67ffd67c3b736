import type { NodeOf } from '../../compiler/ir/index.ts'
import { evalAggregate } from './aggregates.ts'
import { sameValue } from './compare.ts'
import { evalExpr } from './eval.ts'
import { Failure } from './failure.ts'
import { findSessions, type OracleSession, type SessionRow } from './sessions.ts'
import type { Row, Value } from './value.ts'

interface OracleGroup {
  readonly keys: Row
  readonly rows: Row[]
}

/** The groups of a GROUP BY as lists of the rows that are in them. */
export class OracleGroups {
  readonly #node: NodeOf<'Aggregate'>
  #groups: OracleGroup[] = []
  /** What is in sessions that are not complete, as it came. */
  #sessionRows: SessionRow[] = []

  constructor(node: NodeOf<'Aggregate'>) {
    this.#node = node
  }

  /** `mark`: the watermark of the record's partition. `end`: of the window that the row counts in, where it is in several. */
  add(row: Row, mark: number, end: number | null = null): void {
    const { session, slices } = this.#node
    const keys = this.#node.keys.map((key, i) => {
      const shift = slices?.ends.find(one => one.key === i)?.shift ?? null
      if (shift === null) return evalExpr(key, row)
      return end === null ? null : end + shift
    })
    this.#checkTime(keys, mark)
    for (const { args, orderBy, filter } of this.#node.aggregates) {
      if (filter !== null && evalExpr(filter, row) !== true) continue
      for (const expr of [...args, ...orderBy.map(key => key.expr)]) evalExpr(expr, row)
    }
    if (session !== null) {
      this.#sessionRows.push({ keys, row })
      return
    }
    const known = this.#groups.find(group => this.#sameKeys(group.keys, keys))
    if (known === undefined) this.#groups.push({ keys, rows: [row] })
    else known.rows.push(row)
  }

  #checkTime(keys: Row, mark: number): void {
    const { window, session } = this.#node
    const timeKey = window?.key ?? session?.start
    if (timeKey === undefined) return
    const start = keys[timeKey] ?? null
    if (start === null) throw new Failure('null-event-time', 'no time')
    if (window?.clock === 'event' && this.#completeAt(start) <= mark) {
      throw new Failure('late-row', 'closed')
    }
  }

  /** Takes one row away that equals `row`. */
  remove(row: Row): void {
    for (const { rows } of this.#groups) {
      const at = rows.findIndex(other => this.#sameRow(other, row))
      if (at < 0) continue
      rows.splice(at, 1)
      this.#groups = this.#groups.filter(group => group.rows.length > 0)
      return
    }
  }

  #sameRow(a: Row, b: Row): boolean {
    const columns = this.#node.inputs[0]!.schema.columns
    return columns.every(({ type }, i) => sameValue(a[i] ?? null, b[i] ?? null, type))
  }

  #sameKeys(a: Row, b: Row, keys: readonly number[] = [...this.#node.keys.keys()]): boolean {
    return keys.every(i => sameValue(a[i] ?? null, b[i] ?? null, this.#node.keys[i]!.type))
  }

  #sessions(): OracleSession[] {
    return findSessions(this.#node, this.#sessionRows, (a, b, keys) => this.#sameKeys(a, b, keys))
  }

  #groupsOf({ rows, keysOf }: OracleSession): OracleGroup[] {
    const groups: OracleGroup[] = []
    // What depends on the order of rows depends on that of their coming.
    for (const one of this.#sessionRows.filter(row => rows.includes(row))) {
      const keys = keysOf(one.keys)
      const known = groups.find(group => this.#sameKeys(group.keys, keys))
      if (known === undefined) groups.push({ keys, rows: [one.row] })
      else known.rows.push(one.row)
    }
    return groups
  }

  #closeSessions(mark: number): (() => Row)[] {
    const { lag } = this.#node.window!
    const done = this.#sessions().filter(({ end }) => end + lag - 1 <= mark)
    const told = done.flatMap(session => this.#groupsOf(session))
    this.#sessionRows = this.#sessionRows.filter(
      row => !done.some(({ rows }) => rows.includes(row))
    )
    return told.map(group => () => this.#rowOf(group))
  }

  #completeAt(value: Value): number {
    const { lag, unit } = this.#node.window!
    return (unit === 'ms' ? Number(value) : epochMs(value as bigint)) + lag
  }

  /** The rows of the groups that are complete at a watermark, which then are gone. A row may fail. */
  close(mark: number): (() => Row)[] {
    const { window, session } = this.#node
    if (session !== null) return this.#closeSessions(mark)
    const isComplete = ({ keys }: OracleGroup): boolean =>
      this.#completeAt(keys[window!.key]!) <= mark
    const done = this.#groups.filter(isComplete)
    this.#groups = this.#groups.filter(group => !done.includes(group))
    return done.map(group => () => this.#rowOf(group))
  }

  /** The rows of all groups, as they are. Without keys there is one, also of no rows. */
  rows(): (() => Row)[] {
    if (this.#node.session !== null) {
      const all = this.#sessions().flatMap(session => this.#groupsOf(session))
      return all.map(group => () => this.#rowOf(group))
    }
    const standing = this.#node.standing?.map(key => evalExpr(key, [])) ?? null
    const isThere =
      standing === null || this.#groups.some(({ keys }) => this.#sameKeys(keys, standing))
    const groups = isThere ? this.#groups : [...this.#groups, { keys: standing, rows: [] }]
    return groups.map(group => () => this.#rowOf(group))
  }

  #rowOf({ keys, rows }: OracleGroup): Row {
    return [...keys, ...this.#node.aggregates.map(call => evalAggregate(call, rows))]
  }
}

/** Epoch numbers below 1e11 are seconds, below 1e14 ms, below 1e17 us, else ns. */
export function epochMs(value: bigint): number {
  const size = value < 0n ? -value : value
  if (size < 10n ** 11n) return Number(value) * 1000
  if (size < 10n ** 14n) return Number(value)
  const unit = size < 10n ** 17n ? 1000n : 1_000_000n
  const whole = value / unit
  return Number(value % unit < 0n ? whole - 1n : whole)
}
