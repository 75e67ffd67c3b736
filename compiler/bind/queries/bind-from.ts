import type { Expression, QualifiedName, Relation, Select } from '../../ast/index.ts'
import type { BoundValues } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { BindContext } from '../context.ts'
import { joinInputs } from './bind-join.ts'
import type { CommonTables } from './with-tables.ts'
import { bindRelation } from './bind-select.ts'
import type { Input } from './input.ts'
import { bindSession, isSession } from './bind-session.ts'
import { bindUnnest } from './bind-unnest.ts'
import { splitAnd } from './bind-where.ts'
import type { NamedRelation } from './named-relation.ts'
import { namesOf } from './names-in-scope.ts'
import { partsOfExpression } from './walk-expression.ts'
import { noColumns } from './written-rows.ts'

/** What FROM reads, and what of WHERE is still to be asked of its rows. */
export interface BoundFrom {
  readonly input: Input
  readonly where: readonly Expression[]
}

/**
 * A list of relations is their join: what WHERE says of one of them and of those before it is what they are joined by. An array
 * of a row stands behind it. Null after a diagnostic.
 */
export function bindFrom(
  { from, where: condition, span }: Select,
  tables: CommonTables,
  cx: BindContext
): BoundFrom | null {
  const moved = from.map(moveQueries)
  const [first, ...others] = moved.map(({ relation }) => relation)
  const isAlone = others.every(({ kind }) => kind === 'UnnestRelation')
  let input =
    first === undefined
      ? oneRow(span)
      : isAlone && isSession(first)
        ? bindSession(first, tables, cx)
        : bindRelation(first, tables, cx)
  let where = [
    ...(condition === null ? [] : splitAnd(condition)),
    ...moved.flatMap(({ conditions }) => conditions)
  ]
  for (const relation of others) {
    if (input === null) return null
    if (relation.kind === 'UnnestRelation') {
      const { session } = input
      input = bindUnnest(input, relation, 'INNER', cx)
      if (input !== null && session !== undefined) input = { ...input, session }
      continue
    }
    const right = bindRelation(relation, tables, cx)
    if (right === null) return null
    const joins: Expression[] = where.filter(isOfBoth(input, right, cx))
    where = where.filter(conjunct => !joins.includes(conjunct))
    const { span } = relation
    const on = joins.length < 2 ? (joins[0] ?? null) : allOf(joins, span)
    input = joinInputs({ join: 'INNER', on, using: [], span, right: relation }, input, right, cx)
  }
  return input === null ? null : { input, where }
}

interface Moved {
  readonly relation: Relation
  /** For WHERE. */
  readonly conditions: readonly Expression[]
}

/**
 * Conditions of inner joins in which queries stand: WHERE may as well ask them, of the row that is joined. Not of what stands on a
 * side where a join makes up for missing rows, nor where nothing else is left of ON.
 */
function moveQueries(relation: Relation): Moved {
  if (relation.kind !== 'JoinRelation') return { relation, conditions: [] }
  const { join, asof, on } = relation
  const isInner = join === 'INNER' || join === 'CROSS'
  if (!isInner && join !== 'LEFT') return { relation, conditions: [] }
  const left = moveQueries(relation.left)
  const right = isInner ? moveQueries(relation.right) : { relation: relation.right, conditions: [] }
  const conjuncts = on === null || !isInner || asof ? [] : splitAnd(on)
  const queries = conjuncts.filter(holdsQuery)
  const rest = conjuncts.filter(conjunct => !queries.includes(conjunct))
  const isMoved = queries.length > 0 && rest.length > 0
  const sides = { left: left.relation, right: right.relation }
  const conditions = [...left.conditions, ...right.conditions]
  if (!isMoved) return { relation: { ...relation, ...sides }, conditions }
  const asked = rest.length === 1 ? rest[0]! : allOf(rest, on!.span)
  return { relation: { ...relation, ...sides, on: asked }, conditions: [...conditions, ...queries] }
}

function holdsQuery(condition: Expression): boolean {
  return [...partsOfExpression(condition)].some(({ kind }) => kind === 'Query')
}

/** What SELECT without FROM reads: a row without columns. */
export function oneRow(span: Span): Input {
  const query: BoundValues = { kind: 'Values', ...noColumns, span }
  return {
    relation: { kind: 'Derived', name: '', query, schema: noColumns.schema, span },
    parts: []
  }
}

function allOf(operands: readonly Expression[], span: Relation['span']): Expression {
  return { kind: 'Logical', operator: 'AND', operands, span }
}

/** Whether a condition reads columns of both relations, and of no others. */
function isOfBoth(left: Input, right: Input, cx: BindContext): (condition: Expression) => boolean {
  const has = (parts: readonly NamedRelation[], name: QualifiedName): boolean =>
    namesOf(parts, cx).has(name)
  return condition => {
    const names = namesOfExpression(condition)
    if (names === null) return false
    const isKnown = names.every(name => has(left.parts, name) || has(right.parts, name))
    const some = (input: Input): boolean => names.some(name => has(input.parts, name))
    return isKnown && some(left) && some(right)
  }
}

/** The names of columns in an expression; null: it holds a query, whose names mean other things. */
function namesOfExpression(root: Expression): readonly QualifiedName[] | null {
  if (holdsQuery(root)) return null
  const parts = [...partsOfExpression(root)]
  return parts.flatMap(part => (part.kind === 'Name' ? [part.name] : []))
}
