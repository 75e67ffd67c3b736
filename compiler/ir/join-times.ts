import { mirroredComparisons } from './mirrored-comparisons.ts'
import { intervalParts } from './interval-parts.ts'
import type { Expr } from './scalars.ts'
import type { LookupKey } from './join-kind.ts'
import type { TimeColumn } from './time-column.ts'

/** Two columns, one of each side of a join, that the join keeps together in time: `right - left` lies between `from` and `to`. */
export interface JoinTimes {
  readonly left: TimeColumn
  /** Its column is one of the right row's. */
  readonly right: TimeColumn
  /** Milliseconds; -Infinity: however far. */
  readonly from: number
  /** Milliseconds; Infinity: however far. */
  readonly to: number
}

/** What has to hold of two rows. */
export interface JoinConditions {
  readonly keys: readonly LookupKey[]
  /** Over both rows, the right one's columns behind the left one's. */
  readonly conditions: readonly Expr[]
  /** How many columns the left row has. */
  readonly width: number
}

/** The columns that a join keeps together in time, those that are closest first. */
export function joinTimesOf(
  { keys, conditions, width }: JoinConditions,
  left: readonly TimeColumn[],
  right: readonly TimeColumn[]
): readonly JoinTimes[] {
  const tests: Test[] = [
    ...keys.map(key => ({ ...key, right: key.right, comparison: 'equal', width: 0 })),
    ...conditions.flatMap(condition => testsOf(condition, width))
  ]
  // Processing time tells nothing of when the other side's rows come.
  const [ofLeft, ofRight] = [left, right].map(times =>
    times.filter(({ clock }) => clock === 'event')
  )
  const found = ofLeft!.flatMap(a => ofRight!.map(b => timesOf(a, b, tests)))
  const length = ({ from, to }: JoinTimes): number => to - from
  return found
    .filter(({ from, to }) => from > -Infinity || to < Infinity)
    .sort((a, b) => (length(a) === length(b) ? 0 : length(a) - length(b)))
}

interface Test {
  readonly left: Expr
  readonly right: Expr
  readonly comparison: string
  /** Where the columns of the right row begin in `right`. */
  readonly width: number
}

/** A comparison as it reads with the left row's column on its left. */
function testsOf(condition: Expr, width: number): Test[] {
  if (condition.kind !== 'Call' || !(condition.function in mirroredComparisons)) return []
  const [a, b] = condition.args as readonly [Expr, Expr]
  const comparison = condition.function
  return [
    { left: a, right: b, comparison, width },
    { left: b, right: a, comparison: mirroredComparisons[comparison]!, width }
  ]
}

function timesOf(left: TimeColumn, right: TimeColumn, tests: readonly Test[]): JoinTimes {
  let from = -Infinity
  let to = Infinity
  for (const test of tests) {
    const a = distanceFrom(test.left, left.column)
    const b = distanceFrom(test.right, right.column + test.width)
    if (a === null || b === null || left.unit !== right.unit) continue
    // Epoch numbers are of an unknown unit: only what is equal is no distance apart.
    if (left.unit === 'epoch' && test.comparison !== 'equal') continue
    const bounds = boundsOf(test.comparison, a, b)
    from = Math.max(from, bounds.from)
    to = Math.min(to, bounds.to)
  }
  return { left, right, from, to }
}

/** Milliseconds, at least and at most: months differ. */
interface Distance {
  readonly least: number
  readonly most: number
}

/** How far behind a column's time an expression is; null: it is something else. */
function distanceFrom(expr: Expr, column: number): Distance | null {
  if (expr.kind === 'Column') return expr.index === column ? { least: 0, most: 0 } : null
  if (expr.kind !== 'Call') return null
  const [a, b] = expr.args
  if (expr.function === 'add') return moved(a!, b!, 1, column) ?? moved(b!, a!, 1, column)
  return expr.function === 'subtract' ? moved(a!, b!, -1, column) : null
}

const DAY = 86_400_000

function moved(value: Expr, length: Expr, sign: 1 | -1, column: number): Distance | null {
  const inner = distanceFrom(value, column)
  const isConstant = length.kind === 'Literal' && length.type.kind === 'Interval'
  const parts = isConstant ? intervalParts(length.value) : null
  if (inner === null || parts === null) return null
  const [short, long] = [28, 31].map(days => parts.months * days * DAY + parts.ms)
  return sign === 1
    ? { least: inner.least + short!, most: inner.most + long! }
    : { least: inner.least - long!, most: inner.most - short! }
}

/** What `left + a` compared with `right + b` says of `right - left`. Times are whole milliseconds. */
function boundsOf(comparison: string, a: Distance, b: Distance): Pick<JoinTimes, 'from' | 'to'> {
  const [least, most] = [a.least - b.most, a.most - b.least]
  switch (comparison) {
    case 'equal':
      return { from: least, to: most }
    case 'less':
      return { from: least + 1, to: Infinity }
    case 'lessEqual':
      return { from: least, to: Infinity }
    case 'greater':
      return { from: -Infinity, to: most - 1 }
    default:
      return { from: -Infinity, to: most }
  }
}
