import type { JoinRelation, UnnestRelation } from '../../ast/index.ts'
import { joinNeedsCondition } from '../../diagnostics/bind-joins.ts'
import {
  type BoundRelation,
  type JoinKind,
  joinSchema,
  makeAnd,
  splitConjuncts
} from '../../ir/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindConditions } from '../expressions/bind-expr.ts'
import { askBeforeJoin } from './ask-before-join.ts'
import { bindAsOfJoin, bindVersions } from './bind-as-of.ts'
import { bindLookup, chooseTable } from './bind-lookup.ts'
import type { CommonTables } from './with-tables.ts'
import { bindRelation } from './bind-select.ts'
import type { Input } from './input.ts'
import { bindUnnest, isTrue, kindOfJoinedArray } from './bind-unnest.ts'
import { bindCondition, type JoinCondition, type JoinSides, withNulls } from './join-sides.ts'
import { makeEveryRow, splitKeys } from './lookup-keys.ts'
import { mergeUsing } from './merge-using.ts'
import type { NamedRelation } from './named-relation.ts'
import { namesOf } from './names-in-scope.ts'

export function bindJoin(
  relation: JoinRelation,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const { right: array } = relation
  if (array.kind === 'UnnestRelation')
    return bindJoinedArray({ ...relation, right: array }, tables, cx)
  if (relation.asof) return bindAsOfJoin(relation, tables, cx)
  if (array.kind === 'TableRelation' && array.asOf !== null)
    return bindVersions(relation, { ...array, asOf: array.asOf }, tables, cx)
  if (relation.join !== 'CROSS' && relation.on === null && relation.using.length === 0) {
    report(cx, joinNeedsCondition(relation.right.span))
    return null
  }
  const left = bindRelation(relation.left, tables, cx)
  const right = bindRelation(relation.right, tables, cx)
  if (left === null || right === null) return null
  const asked = askBeforeJoin(relation, left, right, tables, cx)
  if (asked === null) return null
  return joinInputs({ ...relation, on: asked.on }, asked.left, asked.right, cx)
}

/**
 * Events beside a table are looked up in it, each as the table is at that moment; any other two sides are kept, so that what
 * comes later finds what was there before.
 */
export function joinInputs(
  node: JoinCondition,
  left: Input,
  right: Input,
  cx: BindContext
): Input | null {
  const lookup = chooseTable(left, right, node.join, cx)
  return lookup === null ? joinBoth(node, left, right, cx) : bindLookup(node, lookup, cx)
}

/** `CROSS JOIN UNNEST(array)`, `JOIN UNNEST(array) ON ...`, `LEFT JOIN UNNEST(array) ON TRUE`. */
function bindJoinedArray(
  { join, asof, on, using, left, right, span }: JoinRelation & { readonly right: UnnestRelation },
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const kind = asof ? null : kindOfJoinedArray({ join, on, using, span }, cx)
  const input = kind === null ? null : bindRelation(left, tables, cx)
  const joined = input === null ? null : bindUnnest(input, right, kind!, cx)
  if (joined === null || on === null || isTrue(on)) return joined
  const { relation, parts } = joined
  const conditions = bindConditions([on], 'ON', { bind: cx, names: namesOf(parts, cx) })
  if (conditions === null) return null
  const { schema } = relation
  const where = makeAnd(conditions, on.span)
  return { relation: { kind: 'Filtered', input: relation, where, schema, span }, parts }
}

/** `a RIGHT JOIN b` is `b LEFT JOIN a` with the columns of `a` named first. */
function joinBoth(node: JoinCondition, left: Input, right: Input, cx: BindContext): Input | null {
  const swapped = node.join === 'RIGHT'
  const sides: JoinSides = swapped
    ? { outer: right, inner: left, swapped }
    : { outer: left, inner: right, swapped }
  const bound = bindCondition(node, sides, cx)
  if (bound === null) return null
  const width = sides.outer.relation.schema.columns.length
  const { keys, rest } = splitKeys(bound.conditions.flatMap(splitConjuncts), width)
  const join = kindOf(node)
  const [outer, inner] = [sides.outer.relation, sides.inner.relation]
  const relation: BoundRelation = {
    kind: 'Join',
    join,
    left: outer,
    right: inner,
    keys: keys.length === 0 ? [makeEveryRow(node.span)] : keys,
    condition: rest.length === 0 ? null : makeAnd(rest, rest[0]!.span),
    schema: joinSchema(outer.schema, inner.schema, join),
    span: node.span
  }
  const input = { relation, parts: joinedParts(bound.parts, width, join) }
  return join === 'FULL' && bound.using.length > 0 ? mergeUsing(input, bound.using, cx) : input
}

function kindOf({ join }: JoinCondition): JoinKind {
  if (join === 'CROSS') return 'INNER'
  return join === 'RIGHT' ? 'LEFT' : join
}

function joinedParts(
  parts: readonly NamedRelation[],
  width: number,
  join: JoinKind
): readonly NamedRelation[] {
  if (join === 'INNER') return parts
  return withNulls(parts, join === 'FULL' ? 0 : width)
}
