import { childrenOf } from './children.ts'
import type { Expr } from './scalars.ts'
import { rewriteExpr } from './walk-scalars.ts'

/**
 * Gives structurally equal expressions the same number, spans aside. Linear in the size of what it is shown: each node's key
 * holds only its children's numbers.
 */
export function makeInterner(): (expr: Expr) => number {
  const numbers = new Map<string, number>()
  const known = new WeakMap<Expr, number>()
  return root => {
    const seen = known.get(root)
    if (seen !== undefined) return seen
    rewriteExpr(root, expr => {
      if (known.has(expr)) return expr
      const key = keyOf(expr, known)
      const number = numbers.get(key) ?? numbers.size
      numbers.set(key, number)
      known.set(expr, number)
      return expr
    })
    return known.get(root)!
  }
}

function keyOf(expr: Expr, known: WeakMap<Expr, number>): string {
  const children = childrenOf(expr).map(child => known.get(child))
  return JSON.stringify([expr.kind, expr.type, attributesOf(expr), children])
}

/** What tells two expressions of one kind, type and children apart. */
function attributesOf(expr: Expr): readonly unknown[] {
  switch (expr.kind) {
    case 'Literal':
      // -0 and 0 are different doubles; bigint has no JSON form.
      return [typeof expr.value, Object.is(expr.value, -0) ? '-0' : String(expr.value)]
    case 'Column':
      return [expr.index]
    case 'Call':
      return [expr.function]
    case 'Cast':
      return [expr.safe]
    case 'Predict':
      return [expr.model]
    default:
      return []
  }
}
