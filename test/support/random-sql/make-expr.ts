import { pick, type Random } from '../functions/random-value.ts'
import { operationsOf } from './operations.ts'
import type { ColumnExpr, Expr } from './query.ts'
import { type ScalarType, values } from './scalar-type.ts'

/** What an expression may be made of: columns, or behind GROUP BY keys and aggregates. */
export type Scope<Leaf extends Expr = ColumnExpr> = readonly Leaf[]

const types: readonly ScalarType[] = Object.keys(values) as ScalarType[]

export function pickType(random: Random): ScalarType {
  return pick(random, types)
}

/** An expression of a type, with so many levels of operations at most. */
export function makeExpr(
  random: Random,
  scope: Scope<Expr>,
  type: ScalarType,
  depth: number
): Expr {
  if (depth > 0 && random(3) > 0) {
    const operation = pick(random, operationsOf.get(type)!)
    const args = operation.args.map(arg => makeExpr(random, scope, arg, depth - 1))
    return { kind: 'apply', type, operation, args }
  }
  const fitting = scope.filter(leaf => leaf.type === type)
  return fitting.length > 0 && random(4) > 0 ? pick(random, fitting) : makeLiteral(random, type)
}

function makeLiteral(random: Random, type: ScalarType): Expr {
  const value = random(10) === 0 ? null : pick(random, values[type])
  return { kind: 'literal', type, value }
}
