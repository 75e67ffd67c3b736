import { compileExpr, sortBy } from './compile-expr.ts'
import { compileSelect, outputPlace } from './compile-select.ts'
import { distinct } from './shape-rows.ts'
import { compileCte } from './compile-cte.ts'
import type { Value } from './catalog-types.ts'
import { Scope, type Env } from './scope.ts'
import type { BodySyntax, OrderSyntax, QuerySyntax } from './syntax.ts'

type Row = readonly Value[]

export interface CompiledQuery {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** `env`: the row around it. */
  readonly rows: (env: Env) => readonly Row[]
}

/** The row around a query that stands in no other. */
export const NOTHING: Env = { row: [], around: null }

/** `scope`: of the query's own, still without tables. */
export function compileQuery(query: QuerySyntax, scope: Scope): CompiledQuery {
  const inner = withQueries(query, scope)
  const { body, order } = query
  const { columns, rows } =
    body.kind === 'select'
      ? compileSelect(body, order, inner)
      : sorted(compileBody(body, inner), order, inner)
  const limit = query.limit === null ? null : compileExpr(query.limit, inner)
  const offset = query.offset === null ? null : compileExpr(query.offset, inner)
  if (limit === null && offset === null) return { columns, rows }
  return {
    columns,
    rows(env) {
      const own = { row: [], around: env }
      const start = Number(offset?.of(own) ?? 0)
      const most = limit?.of(own) ?? null
      return rows(env).slice(start, most === null ? undefined : start + Number(most))
    }
  }
}

function withQueries({ ctes }: QuerySyntax, scope: Scope): Scope {
  if (ctes.length === 0) return scope
  const queries = new Map(scope.queries)
  const inner = new Scope(scope.columns, scope.around, scope.catalogue, queries, scope.asked)
  for (const cte of ctes) queries.set(cte.name, compileCte(cte, inner))
  return inner
}

export function compileBody(body: BodySyntax, scope: Scope): CompiledQuery {
  switch (body.kind) {
    case 'select':
      return compileSelect(body, [], scope)
    case 'query':
      return compileQuery(body.query, scope)
    case 'values': {
      const rows = body.rows.map(row => row.map(expr => compileExpr(expr, scope)))
      const columns = rows[0]!.map(({ type }, i) => ({ name: `column${i + 1}`, type }))
      const of = (env: Env): Row[] =>
        rows.map(row => row.map(value => value.of({ row: [], around: env })))
      return { columns, rows: of }
    }
    case 'set':
      return compileSet(body, scope)
  }
}

export function fresh(scope: Scope): Scope {
  return new Scope([], scope.around, scope.catalogue, scope.queries)
}

function compileSet(body: Extract<BodySyntax, { kind: 'set' }>, scope: Scope): CompiledQuery {
  const left = compileBody(body.left, fresh(scope))
  const right = compileBody(body.right, fresh(scope))
  const columns = left.columns.map(({ name, type }, i) => ({
    name,
    type: type === 'unknown' ? right.columns[i]!.type : type
  }))
  const { operator, all } = body
  return {
    columns,
    rows(env) {
      const [a, b] = [left.rows(env), right.rows(env)]
      if (operator === 'union') return all ? [...a, ...b] : distinct([...a, ...b])
      const others = new Set(b.map(row => JSON.stringify(row)))
      const isKept = operator === 'intersect'
      return distinct(a.filter(row => others.has(JSON.stringify(row)) === isKept))
    }
  }
}

/** By the columns of what it gives: there is nothing else to sort by. */
function sorted(
  { columns, rows }: CompiledQuery,
  order: readonly OrderSyntax[],
  scope: Scope
): CompiledQuery {
  if (order.length === 0) return { columns, rows }
  const own = scope.with(columns.map(column => ({ ...column, table: '' })))
  const keys = order.map(({ expr, ...how }) => {
    const at = outputPlace(expr, columns)
    return {
      ...how,
      value: at === null ? compileExpr(expr, own) : { type: '', of: ({ row }: Env) => row[at]! }
    }
  })
  const keysOf = (row: Row, around: Env) => keys.map(({ value }) => value.of({ row, around }))
  return { columns, rows: env => sortBy(rows(env), keys, row => keysOf(row, env)) }
}
