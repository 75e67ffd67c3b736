import type { Expression, Query } from '../../ast/index.ts'
import { columnCount } from '../../diagnostics/bind.ts'
import {
  type BatchProbe,
  type Expr,
  makeAnd,
  makeColumn,
  makeNot,
  splitConjuncts
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BOOLEAN } from '../../types/index.ts'
import { report } from '../context.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
import { bindAll } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { bindBatchQuery } from './bind-batch-query.ts'
import { bindSides } from './bind-quantified.ts'
import { splitKeys } from './lookup-keys.ts'
import type { Names } from './names-in-scope.ts'
import { addProbe, type ProbeScope } from './probe-scope.ts'

// A query inside of an expression of a query that is answered once.

interface Inner {
  readonly asked: Pick<BatchProbe, 'query' | 'correlated'>
  /** What it gives, behind the `width` columns of the row around it. */
  readonly items: readonly Expr[]
  readonly width: number
}

/** Null after a diagnostic. */
function bindInner(node: Query, scope: ProbeScope, cx: ExprContext): Inner | null {
  const names = cx.names!
  let correlated = false
  const watched: Names = {
    ...names,
    resolve(name) {
      correlated = true
      return names.resolve(name)
    }
  }
  const { schema } = scope.input
  const query = bindBatchQuery(node, scope.tables, cx.bind, { names: watched, schema })
  if (query === null) return null
  const width = schema.columns.length
  const items = query.schema.columns.map((column, i) => makeColumn(width + i, column, node.span))
  return { asked: { query, correlated }, items, width }
}

/** `EXISTS (query)`. */
export function bindExistsProbe(query: Query, scope: ProbeScope, cx: ExprContext): Expr | null {
  const inner = bindInner(query, scope, cx)
  if (inner === null) return null
  const column = { name: 'exists', type: BOOLEAN, nullable: false }
  const probe = { kind: 'Exists', ...inner.asked, test: null, keys: [] } as const
  return addProbe(scope, probe, column, query.span)
}

interface InQuery {
  readonly operand: Expression
  readonly query: Query
  readonly negated: boolean
  readonly span: Span
}

/** `operand IN (query)`; a row that is written out is compared part by part. */
export function bindInProbe(
  { operand, query, negated, span }: InQuery,
  scope: ProbeScope,
  cx: ExprContext
): Expr | null {
  const values = bindAll(operand.kind === 'RowConstructor' ? operand.items : [operand], cx)
  const inner = bindInner(query, scope, cx)
  if (values === null || inner === null) return null
  const { items } = inner
  if (values.length !== items.length) {
    const wanted = values.length
    const found = items.length
    report(
      cx.bind,
      columnCount('the left side of IN', wanted, 'the query gives', found, query.span)
    )
    return null
  }
  const equal = values.map((value, i) =>
    bindComparison('equal', value, items[i]!, operand.span, cx.bind)
  )
  if (!equal.every(test => test !== null)) return null
  const found = probeFor(equal.flatMap(splitConjuncts), inner, span, scope)
  return negated ? makeNot(found, span) : found
}

/** `operand < ANY (query)`, and ALL. */
export function bindQuantifiedProbe(
  quantified: Expression & { readonly kind: 'Quantified' },
  scope: ProbeScope,
  cx: ExprContext
): Expr | null {
  const { isAll, query, span } = quantified
  const sides = bindSides(quantified, () => bindInner(query, scope, cx), cx)
  if (sides === null) return null
  const { value, inner, comparison } = sides
  const test = bindComparison(comparison, value, inner.items[0]!, span, cx.bind)
  if (test === null) return null
  const found = probeFor([test], inner, span, scope)
  return isAll ? makeNot(found, span) : found
}

/** Whether the conditions hold for a row of the query. */
function probeFor(
  conditions: readonly Expr[],
  { asked, width }: Inner,
  span: Span,
  scope: ProbeScope
): Expr {
  const { keys, rest } = splitKeys(conditions, width)
  const test = makeAnd(conditions, span)
  const probe = { kind: 'In', ...asked, test, keys: rest.length === 0 ? keys : [] } as const
  const column = { name: 'in', type: BOOLEAN, nullable: test.nullable }
  return addProbe(scope, probe, column, span)
}

/** A query as a value: NULL where it finds no row, and a failure where it finds several. */
export function bindScalarProbe(query: Query, scope: ProbeScope, cx: ExprContext): Expr | null {
  const inner = bindInner(query, scope, cx)
  if (inner === null) return null
  const [column, second] = inner.asked.query.schema.columns
  if (second !== undefined) {
    const found = inner.items.length
    report(cx.bind, columnCount('a query as a value', 1, 'this one gives', found, query.span))
    return null
  }
  const value = { ...column!, nullable: true }
  const probe = { kind: 'Scalar', ...inner.asked, test: null, keys: [] } as const
  return addProbe(scope, probe, value, query.span)
}
