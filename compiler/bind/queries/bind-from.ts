import type { Expression, QualifiedName, Relation, Select } from '../../ast/index.ts'
import type { BoundValues } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { BindContext } from '../context.ts'
import { joinInputs } from './bind-join.ts'
import type { CommonTables } from './bind-query.ts'
import { bindRelation, type Input } from './bind-select.ts'
import { bindSession, isSession } from './bind-session.ts'
import { bindUnnest } from './bind-unnest.ts'
import { splitAnd } from './bind-where.ts'
import { type NamedRelation, namesOf } from './names-in-scope.ts'
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
  { from: [first, ...others], where: condition, span }: Select,
  tables: CommonTables,
  cx: BindContext
): BoundFrom | null {
  const isAlone = others.every(({ kind }) => kind === 'UnnestRelation')
  let input =
    first === undefined
      ? oneRow(span)
      : isAlone && isSession(first)
        ? bindSession(first, tables, cx)
        : bindRelation(first, tables, cx)
  let where = condition === null ? [] : splitAnd(condition)
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
  const parts = [...partsOfExpression(root)]
  if (parts.some(({ kind }) => kind === 'Query')) return null
  return parts.flatMap(part => (part.kind === 'Name' ? [part.name] : []))
}
