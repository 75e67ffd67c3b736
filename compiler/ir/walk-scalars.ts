import { childrenOf, withChildren } from './children.ts'
import { makeColumn } from './make-scalars.ts'
import type { Expr } from './scalars.ts'

/**
 * Computes a value for an expression from its children's, bottom-up. With an explicit stack, because a chain of 5,000
 * operators would overflow recursion.
 */
export function foldExpr<T>(root: Expr, combine: (expr: Expr, children: readonly T[]) => T): T {
  interface Frame {
    readonly expr: Expr
    readonly pending: readonly Expr[]
    readonly done: T[]
  }
  const stack: Frame[] = [{ expr: root, pending: childrenOf(root), done: [] }]
  for (;;) {
    const frame = stack.at(-1)!
    const next = frame.pending[frame.done.length]
    if (next !== undefined) {
      stack.push({ expr: next, pending: childrenOf(next), done: [] })
      continue
    }
    stack.pop()
    const result = combine(frame.expr, frame.done)
    const parent = stack.at(-1)
    if (parent === undefined) return result
    parent.done.push(result)
  }
}

/**
 * Rewrites bottom-up: `visit` gets each expression with its children rewritten already. The same object when nothing
 * changed.
 */
export function rewriteExpr(root: Expr, visit: (expr: Expr) => Expr): Expr {
  return foldExpr<Expr>(root, (expr, children) => visit(withChildren(expr, children)))
}

/** Calls `visit` for the expression and everything below it, parents first. */
export function walkExpr(root: Expr, visit: (expr: Expr) => void): void {
  const stack = [root]
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    visit(expr)
    stack.push(...childrenOf(expr).toReversed())
  }
}

export function someExpr(root: Expr, test: (expr: Expr) => boolean): boolean {
  let found = false
  walkExpr(root, expr => {
    found ||= test(expr)
  })
  return found
}

/** Whether a model has to be asked for its value. */
export function callsModel(expr: Expr): boolean {
  return someExpr(expr, part => part.kind === 'Predict')
}

/** The indexes of the columns that an expression reads, ascending. */
export function columnsOf(exprs: readonly Expr[]): number[] {
  const found = new Set<number>()
  for (const root of exprs) {
    walkExpr(root, expr => {
      if (expr.kind === 'Column') found.add(expr.index)
    })
  }
  return [...found].sort((a, b) => a - b)
}

/** Whether an expression reads columns of a range, and no others. */
export function readsWithin(expr: Expr, from: number, to: number): boolean {
  const columns = columnsOf([expr])
  return columns.length > 0 && columns.every(index => from <= index && index < to)
}

/** Replaces each column by what `substitute` gives for its index. */
export function replaceColumns(
  expr: Expr,
  substitute: (index: number, column: Expr) => Expr
): Expr {
  return rewriteExpr(expr, part => (part.kind === 'Column' ? substitute(part.index, part) : part))
}

/** The expression over a row in which its columns stand `by` places further behind. */
export function shiftColumns(expr: Expr, by: number): Expr {
  return replaceColumns(expr, (index, column) =>
    column.kind === 'Column' ? makeColumn(index + by, column, column.span) : column
  )
}

/**
 * Replaces parts of an expression from the top down: `find` gives what takes the place of a part, or null to look inside of it.
 * The same object where nothing is replaced.
 */
export function replaceSubtrees(root: Expr, find: (expr: Expr) => Expr | null): Expr {
  const found = find(root)
  if (found !== null) return found
  return withChildren(
    root,
    childrenOf(root).map(child => replaceSubtrees(child, find))
  )
}
