import type { JoinRelation, UnnestRelation } from '../../ast/index.ts'
import { joinKeyCanFail, joinNeedsEquality, joinNeedsTable } from '../../diagnostics/bind-joins.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { exprCanFail } from '../../functions/index.ts'
import {
  type BoundRelation,
  type Expr,
  lookupSchema,
  makeAnd,
  makeColumn,
  splitConjuncts
} from '../../ir/index.ts'
import type { RowType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
import { bindConditions } from '../expressions/bind-expr.ts'
import type { CommonTables } from './bind-query.ts'
import { bindRelation, type Input } from './bind-select.ts'
import { bindUnnest, isTrue } from './bind-unnest.ts'
import { splitKeys } from './lookup-keys.ts'
import { type NamedRelation, type Names, namesOf } from './names-in-scope.ts'

/** Events on one side, a table on the other: each event is looked up in the table as it is at that moment. */
export function bindJoin(
  relation: JoinRelation,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const { right: array } = relation
  if (array.kind === 'UnnestRelation')
    return bindJoinedArray({ ...relation, right: array }, tables, cx)
  const what = unsupportedJoin(relation)
  if (what !== null) {
    report(cx, notSupportedYet(what, relation.right.span))
    return null
  }
  const left = bindRelation(relation.left, tables, cx)
  const right = bindRelation(relation.right, tables, cx)
  if (left === null || right === null) return null
  const sides = chooseSides(left, right, relation, cx)
  return sides === null ? null : bindLookup(relation, sides, cx)
}

function unsupportedJoin({ join, asof, on, using }: JoinRelation): string | null {
  if (asof) return 'ASOF JOIN'
  if (join === 'RIGHT' || join === 'FULL') return `${join} JOIN`
  if (join === 'CROSS' || (on === null && using.length === 0)) return 'CROSS JOIN'
  return null
}

/** `CROSS JOIN UNNEST(array)`, `LEFT JOIN UNNEST(array) ON TRUE`. */
function bindJoinedArray(
  { join, asof, on, using, left, right, span }: JoinRelation & { readonly right: UnnestRelation },
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const isCross = join === 'CROSS' || join === 'INNER'
  if (asof || !(isCross || join === 'LEFT') || using.length > 0 || !isTrue(on)) {
    const hint = 'Write LEFT JOIN UNNEST(...) ON TRUE, and conditions in WHERE.'
    report(cx, notSupportedYet('this join with UNNEST', span, hint))
    return null
  }
  const input = bindRelation(left, tables, cx)
  return input === null ? null : bindUnnest(input, right, isCross ? 'INNER' : 'LEFT', cx)
}

interface Sides {
  readonly stream: Input
  readonly table: Input & { readonly relation: Extract<BoundRelation, { kind: 'TableScan' }> }
  /** The table stands on the left: `*` lists its columns first. */
  readonly swapped: boolean
}

function chooseSides(
  left: Input,
  right: Input,
  { join, right: rightNode }: JoinRelation,
  cx: BindContext
): Sides | null {
  if (isTable(right)) return { stream: left, table: right, swapped: false }
  if (isTable(left) && join === 'INNER') return { stream: right, table: left, swapped: true }
  const { span } = rightNode
  if (isTable(left)) report(cx, notSupportedYet('LEFT JOIN of a table with events', span))
  else report(cx, joinNeedsTable(span))
  return null
}

function isTable(input: Input): input is Sides['table'] {
  return input.relation.kind === 'TableScan'
}

function bindLookup(
  node: JoinRelation,
  { stream, table, swapped }: Sides,
  cx: BindContext
): Input | null {
  const width = stream.relation.schema.columns.length
  const using = bindUsing(node, namesOf(stream.parts, cx), namesOf(table.parts, cx), width, cx)
  const shifted: NamedRelation[] = table.parts.map(one => ({
    ...one,
    start: one.start + width,
    hidden: using.map(({ index }) => index)
  }))
  const parts = swapped ? [...shifted, ...stream.parts] : [...stream.parts, ...shifted]
  const names = namesOf(parts, cx)
  const conditions = [
    ...using.flatMap(({ equal }) => equal ?? []),
    ...(node.on === null ? [] : (bindConditions([node.on], 'ON', { bind: cx, names }) ?? []))
  ]
  if (conditions.length === 0) return null
  const { keys, rest } = splitKeys(conditions.flatMap(splitConjuncts), width)
  if (keys.length === 0) {
    report(cx, joinNeedsEquality(node.on?.span ?? node.span))
    return null
  }
  for (const { right } of keys) {
    if (exprCanFail(right)) report(cx, joinKeyCanFail(right.span))
  }
  cx.lookedUp.add(table.relation.table)
  const join = node.join === 'LEFT' ? 'LEFT' : 'INNER'
  const relation: BoundRelation = {
    kind: 'Lookup',
    join,
    left: stream.relation,
    table: table.relation.table,
    keys,
    condition: rest.length === 0 ? null : makeAnd(rest, rest[0]!.span),
    schema: lookupSchema(stream.relation.schema, table.relation.schema, join),
    span: node.span
  }
  return { relation, parts: join === 'LEFT' ? withNulls(parts, width) : parts }
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

interface UsingColumn {
  /** In the table. */
  readonly index: number
  /** Null after a diagnostic. */
  readonly equal: Expr | null
}

/** The columns of USING: `table` names the right side's row, which begins at `width`. */
export function bindUsing(
  { using, span }: JoinRelation,
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
    return [{ index: right.index, equal: bindComparison('equal', left, shifted, span, cx) }]
  })
}
