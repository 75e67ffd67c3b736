import type { JoinRelation, Relation } from '../../ast/index.ts'
import { type Expr, makeColumn } from '../../ir/index.ts'
import type { RowType } from '../../types/index.ts'
import type { BindContext } from '../context.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
import { bindConditions } from '../expressions/bind-expr.ts'
import type { Input } from './input.ts'
import type { NamedRelation } from './named-relation.ts'
import { type Names, namesOf } from './names-in-scope.ts'

/** What a join says of its sides, which are bound already. */
export type JoinCondition = Pick<JoinRelation, 'join' | 'on' | 'using' | 'span'> & {
  /** What stands on the right, for messages. */
  readonly right: Pick<Relation, 'span'>
}

/** Both sides of a join as they stand in its row. */
export interface JoinSides {
  /** Its columns come first in the row. */
  readonly outer: Input
  readonly inner: Input
  /** The inner one stands on the left: `*` lists its columns first. */
  readonly swapped: boolean
}

/** What a join asks of a row with the columns of both. */
export interface BoundCondition {
  readonly conditions: readonly Expr[]
  readonly using: readonly UsingColumn[]
  readonly parts: readonly NamedRelation[]
}

/** ON and USING; null after a diagnostic. */
export function bindCondition(
  node: JoinCondition,
  { outer, inner, swapped }: JoinSides,
  cx: BindContext
): BoundCondition | null {
  const width = outer.relation.schema.columns.length
  const using = bindUsing(node, namesOf(outer.parts, cx), namesOf(inner.parts, cx), width, cx)
  const shifted = inner.parts.map(one => ({
    ...one,
    start: one.start + width,
    hidden: [...one.hidden, ...using.map(({ index }) => index - one.start)]
  }))
  const parts = swapped ? [...shifted, ...outer.parts] : [...outer.parts, ...shifted]
  const names = namesOf(parts, cx)
  const on = node.on === null ? [] : bindConditions([node.on], 'ON', { bind: cx, names })
  if (on === null || using.length < node.using.length) return null
  const equal = using.map(column => column.equal)
  if (!equal.every(test => test !== null)) return null
  return { conditions: [...equal, ...on], using, parts }
}

/** Columns of a row that may not be there. */
export function withNulls(parts: readonly NamedRelation[], width: number): NamedRelation[] {
  return parts.map(one =>
    one.start < width ? one : { ...one, schema: { columns: one.schema.columns.map(orNull) } }
  )
}

function orNull(column: RowType['columns'][number]): RowType['columns'][number] {
  return { ...column, nullable: true }
}

export interface UsingColumn {
  readonly name: string
  /** In the table. */
  readonly index: number
  /** What it is called with on both sides, in the row of both. */
  readonly sides: readonly [Expr, Expr]
  /** Null after a diagnostic. */
  readonly equal: Expr | null
}

/** The columns of USING: `table` names the right side's row, which begins at `width`. */
export function bindUsing(
  { using, span }: Pick<JoinRelation, 'using' | 'span'>,
  stream: Names,
  table: Names,
  width: number,
  cx: BindContext
): UsingColumn[] {
  return using.flatMap(column => {
    const name = { kind: 'QualifiedName', parts: [column], span: column.span } as const
    const left = stream.resolve(name)
    const right = table.resolve(name)
    if (left === null || right?.kind !== 'Column') return []
    const shifted = makeColumn(right.index + width, right, right.span)
    const equal = bindComparison('equal', left, shifted, span, cx)
    return [{ name: column.name, index: right.index, sides: [left, shifted] as const, equal }]
  })
}
