import { columnsOf, type Expr, makeLiteral, readsWithin, shiftColumns } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'

/** An equality by which a table's rows are found: `left` over the stream's row, `right` over the table's. */
export interface BoundKey {
  readonly left: Expr
  readonly right: Expr
}

/** `a = b` with only the stream's columns on one side and only the table's on the other is a key. */
export function splitKeys(conditions: readonly Expr[], width: number) {
  const keys: BoundKey[] = []
  const rest: Expr[] = []
  for (const condition of conditions) {
    const key = keyOf(condition, width)
    if (key === null) rest.push(condition)
    else keys.push(key)
  }
  return { keys, rest }
}

function keyOf(condition: Expr, width: number): BoundKey | null {
  if (condition.kind !== 'Call' || condition.function !== 'equal') return null
  const [a, b] = condition.args as readonly [Expr, Expr]
  if (isOfStream(a, width) && readsWithin(b, width, Infinity))
    return { left: a, right: ofTable(b, width) }
  if (isOfStream(b, width) && readsWithin(a, width, Infinity))
    return { left: b, right: ofTable(a, width) }
  return null
}

function isOfStream(expr: Expr, width: number): boolean {
  return columnsOf([expr]).every(index => index < width)
}

/** An expression over the table's columns behind the stream's, as one over the table's row. */
export function ofTable(expr: Expr, width: number): Expr {
  return shiftColumns(expr, -width)
}

/** The key of rows that are told apart by nothing: all have it. */
export function makeEveryRow(span: Span): BoundKey {
  const all = makeLiteral(true, { kind: 'Boolean' }, span)
  return { left: all, right: all }
}
