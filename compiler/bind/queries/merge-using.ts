import {
  type Expr,
  makeCoalesce,
  makeColumn,
  makeSelect,
  type BoundRelation
} from '../../ir/index.ts'
import { commonType } from '../../types/index.ts'
import type { BindContext } from '../context.ts'
import { coerce } from '../expressions/coerce.ts'
import type { Input } from './input.ts'
import type { UsingColumn } from './join-sides.ts'
import type { NamedRelation } from './named-relation.ts'

/** Of a FULL JOIN a column of USING is that of the side that is there: it goes on behind the columns of both. */
export function mergeUsing(
  { relation, parts }: Input,
  using: readonly UsingColumn[],
  cx: BindContext
): Input {
  const { schema, span } = relation
  const own = schema.columns.map((column, i) => ({
    name: column.name,
    expr: makeColumn(i, column, span)
  }))
  const merged = using.map(({ name, sides }) => {
    const columns = sides.map(side => own[columnOf(side)]!.expr)
    return { name, expr: coalesce(columns, cx) }
  })
  const items = [...own, ...merged]
  const columns = items.map(({ name, expr: { type, nullable } }) => ({ name, type, nullable }))
  const query = makeSelect(relation, items, { columns }, span)
  const joined: BoundRelation = { kind: 'Derived', name: '', query, schema: { columns }, span }
  const hidden = using.flatMap(({ sides }) => sides.map(columnOf))
  const start = own.length
  const first = { name: null, schema: { columns: columns.slice(start) }, start, hidden: [] }
  return { relation: joined, parts: [first, ...parts.map(part => hide(part, hidden))] }
}

function columnOf(side: Expr): number {
  return side.kind === 'Column' ? side.index : 0
}

function coalesce(columns: readonly Expr[], cx: BindContext): Expr {
  const [left, right] = columns as readonly [Expr, Expr]
  // They were compared, so they have one.
  const type = commonType(left.type, right.type) ?? left.type
  const args = columns.map(column => coerce(column, type, cx) ?? column)
  return makeCoalesce(args, type, left.span)
}

function hide(part: NamedRelation, columns: readonly number[]): NamedRelation {
  const own = columns.map(index => index - part.start)
  const isIn = (index: number): boolean => index >= 0 && index < part.schema.columns.length
  return { ...part, hidden: [...new Set([...part.hidden, ...own.filter(isIn)])] }
}
