import { compileBody, type CompiledQuery, compileQuery, fresh, NOTHING } from './compile-query.ts'
import type { Value } from './catalog-types.ts'
import { type Env, type NamedQuery, Scope } from './scope.ts'
import type { CteSyntax } from './syntax.ts'

type Row = readonly Value[]

export function compileCte({ name, columns: names, query }: CteSyntax, scope: Scope): NamedQuery {
  const { around } = scope
  const { body } = query
  // A query that reads itself: what stands before UNION begins, and what stands behind it goes on from the rows before.
  let last: readonly Row[] = []
  const rename = ({ columns }: CompiledQuery) =>
    columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }))
  if (body.kind === 'set' && body.operator === 'union' && reads(body.right, name)) {
    const start = compileBody(body.left, fresh(scope))
    const own: NamedQuery = { columns: rename(start), around, rows: () => last }
    const queries = new Map([...scope.queries, [name, own] as const])
    const next = compileBody(body.right, new Scope([], around, scope.catalogue, queries))
    return { ...own, rows: env => repeat(env!) }

    function repeat(env: Env): readonly Row[] {
      const found: Row[] = []
      const seen = new Set<string>()
      for (last = start.rows(env); last.length > 0; last = next.rows(env)) {
        scope.catalogue.work.step()
        if (!(body as { all: boolean }).all) last = last.filter(row => isNew(row, seen))
        found.push(...last)
      }
      return found
    }
  }
  const compiled = compileQuery(query, fresh(scope))
  let known: { readonly env: Env | null; readonly rows: readonly Row[] } | null = null
  const rows = (env: Env | null): readonly Row[] => {
    if (known?.env !== env) known = { env, rows: compiled.rows(env ?? NOTHING) }
    return known!.rows
  }
  return { columns: rename(compiled), around, rows }
}

function isNew(row: Row, seen: Set<string>): boolean {
  const key = JSON.stringify(row)
  return seen.has(key) ? false : seen.add(key) !== null
}

/** Whether a table of that name is read anywhere in it. */
function reads(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false
  const { kind, parts } = node as { readonly kind?: string; readonly parts?: readonly string[] }
  if (kind === 'table' && parts!.length === 1 && parts![0] === name) return true
  return Object.values(node).some(one => reads(one, name))
}
