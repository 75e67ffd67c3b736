import type { Expression, QualifiedName, Query } from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { type BoundRelation, type Expr, makeColumn, makeSelect } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import type { CommonTables } from './with-tables.ts'
import type { Input } from './input.ts'
import { checkFallible } from './bind-subquery.ts'
import type { JoinCondition } from './join-sides.ts'
import { namesOf } from './names-in-scope.ts'
import { type RowSoFar, startRow } from './row-so-far.ts'
import { outerName } from './subquery-shape.ts'
import { partsOfExpression, replaceParts } from './walk-expression.ts'

/** A join without queries in ON, over sides that have what they answer. */
interface Asked {
  readonly on: Expression | null
  readonly left: Input
  readonly right: Input
}

/**
 * Queries in ON are asked of the rows of one side before they are joined: `a LEFT JOIN b ON a.x = b.x AND EXISTS (...)` is a join by a
 * column more, which only ON can name. Null after a diagnostic.
 */
export function askBeforeJoin(
  { on, join }: Pick<JoinCondition, 'on' | 'join'>,
  left: Input,
  right: Input,
  tables: CommonTables,
  cx: BindContext
): Asked | null {
  const asked = { on, left, right }
  if (on === null) return asked
  let count = 0
  let isWrong = false
  const rewritten = replaceParts(on, part => {
    if (!isAsked(part)) return null
    const side = sideOf(part, asked, join, cx)
    const found =
      side === null ? null : withAnswer(asked[side], part, `query ${++count} of ON`, tables, cx)
    if (side === null || found === null) isWrong = true
    else asked[side] = found.input
    return found?.name ?? part
  })
  return isWrong ? null : { ...asked, on: rewritten }
}

type AskedExpression = Extract<Expression, { readonly query: Query }>

function isAsked(part: Expression): part is AskedExpression {
  return ['Subquery', 'InQuery', 'Exists', 'Quantified'].includes(part.kind)
}

/** The side whose columns it reads; one that reads none is asked beside rows that have to be there. Null after a diagnostic. */
function sideOf(
  part: AskedExpression,
  { left, right }: Asked,
  join: JoinCondition['join'],
  cx: BindContext
): 'left' | 'right' | null {
  const reads = ({ parts }: Input): boolean => {
    const names = namesOf(parts, cx)
    const operands = 'operand' in part ? namesIn(part.operand) : []
    return operands.some(name => names.has(name)) || outerName(part.query, names) !== null
  }
  const [ofLeft, ofRight] = [reads(left), reads(right)]
  if (ofLeft && ofRight) {
    report(cx, notSupportedYet('a query in ON that reads both sides of the join', part.span))
    return null
  }
  if (ofLeft || ofRight) return ofLeft ? 'left' : 'right'
  return join === 'RIGHT' ? 'right' : 'left'
}

function namesIn(operand: Expression): readonly QualifiedName[] {
  return [...partsOfExpression(operand)].flatMap(part => (part.kind === 'Name' ? part.name : []))
}

/** The side with the answer behind its columns, and what ON calls it; null after a diagnostic. */
function withAnswer(
  input: Input,
  part: AskedExpression,
  called: string,
  tables: CommonTables,
  cx: BindContext
): { readonly input: Input; readonly name: Expression } | null {
  const row = startRow(input.relation, tables)
  const names = namesOf(input.parts, cx)
  const value = bindExpr(part, { bind: cx, names, row, aggregates: 'none' })
  if (value === null) return null
  checkFallible(value, row, cx)
  const { span } = part
  const relation = withColumn(row, value, called, span)
  const start = relation.schema.columns.length - 1
  const schema = { columns: [relation.schema.columns[start]!] }
  // Only ON can name it.
  const answer = { name: called, schema, start, hidden: [0] }
  const identifier = { kind: 'Identifier', span, name: called, quoted: true } as const
  const name = { kind: 'QualifiedName', span, parts: [identifier, identifier] } as const
  return {
    input: { ...input, relation, parts: [...input.parts, answer] },
    name: { kind: 'Name', span, name }
  }
}

function withColumn({ relation }: RowSoFar, value: Expr, name: string, span: Span): BoundRelation {
  const { columns } = relation.schema
  const items = columns.map((column, i) => ({
    name: column.name,
    expr: makeColumn(i, column, span)
  }))
  const { type, nullable } = value
  const schema = { columns: [...columns, { name, type, nullable }] }
  const query = makeSelect(relation, [...items, { name, expr: value }], schema, span)
  return { kind: 'Derived', name: '', query, schema, span }
}
