import type { Expr } from '../ir/index.ts'
import type { RowType } from '../types/index.ts'

/** Members of one JSON object: each name once. */
export function nameColumns(exprs: readonly Expr[]): RowType {
  const taken = new Set<string>()
  const columns = exprs.map(expr => {
    const { type, nullable } = expr
    let name = nameOf(expr)
    for (let n = 2; taken.has(name); n++) name = `${nameOf(expr)}_${n}`
    taken.add(name)
    return { name, type, nullable }
  })
  return { columns }
}

/** What a column is called that holds this. */
export function nameOf(expr: Expr): string {
  if (expr.kind === 'Column') return expr.name
  return expr.kind === 'Call' ? expr.function : expr.kind.toLowerCase()
}
