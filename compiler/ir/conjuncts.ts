import type { Expr } from './scalars.ts'

/** The conditions that AND joins, in order. */
export function splitConjuncts(condition: Expr): readonly Expr[] {
  const conjuncts: Expr[] = []
  const stack = [condition]
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    if (expr.kind === 'And') stack.push(...expr.args.toReversed())
    else conjuncts.push(expr)
  }
  return conjuncts
}
