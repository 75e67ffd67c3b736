import type { Expr, ExprKind, ExprOf } from '../../compiler/ir/index.ts'
import type { SqlType } from '../../compiler/types/index.ts'
import { castValue } from './cast.ts'
import { compareValues, notDistinct } from './compare.ts'
import { Failure } from './failure.ts'
import { functions } from './functions/index.ts'
import { literalValue } from './literal.ts'
import type { Row, Value } from './value.ts'

/** The value of an expression over a row; throws a Failure where the row fails. */
export function evalExpr(expr: Expr, row: Row): Value {
  return evaluators[expr.kind](expr as never, row)
}

/**
 * Whether a condition is TRUE. It is evaluated, from left to right, until that is known: in `a AND b` a NULL is as good as
 * FALSE, and what stands behind it can't fail.
 */
export function evalTest(expr: Expr, row: Row): boolean {
  if (expr.kind === 'And') return expr.args.every(arg => evalTest(arg, row))
  if (expr.kind === 'Or') return expr.args.some(arg => evalTest(arg, row))
  return evalExpr(expr, row) === true
}

/** The kinds that have a slow twin: the architecture test compares them with the IR's. */
export const evaluators: { readonly [K in ExprKind]: (expr: ExprOf<K>, row: Row) => Value } = {
  Literal: expr => literalValue(expr.value, expr.type),
  Column: (expr, row) => row[expr.index] ?? null,
  Call: evalCall,
  And: (expr, row) => evalJunction(expr.args, row, false),
  Or: (expr, row) => evalJunction(expr.args, row, true),
  Not: (expr, row) => {
    const value = evalExpr(expr.arg, row)
    return value === null ? null : value !== true
  },
  IsNull: (expr, row) => evalExpr(expr.arg, row) === null,
  NotDistinct: (expr, row) => {
    // IS TRUE
    if (expr.right.kind === 'Literal' && expr.right.value === true) return evalTest(expr.left, row)
    const left = evalExpr(expr.left, row)
    const right = evalExpr(expr.right, row)
    return notDistinct(left, right, expr.left.type)
  },
  Case: (expr, row) => {
    const branch = expr.branches.find(({ when }) => evalTest(when, row))
    return evalExpr(branch?.then ?? expr.otherwise, row)
  },
  Coalesce: (expr, row) => {
    for (const arg of expr.args) {
      const value = evalExpr(arg, row)
      if (value !== null) return value
    }
    return null
  },
  In: evalIn,
  Cast: evalCast,
  Predict: expr => {
    throw new Error(`predict('${expr.model}') was left inside of an expression`)
  }
}

function evalCall(expr: ExprOf<'Call'>, row: Row): Value {
  const entry = functions[expr.function]
  if (entry === undefined) throw new Error(`the oracle has no function ${expr.function}`)
  const args = expr.args.map(arg => evalExpr(arg, row))
  if (!entry.takesNull && args.includes(null)) return null
  const types: readonly SqlType[] = expr.args.map(arg => arg.type)
  return entry.evaluate(args as never, { types, result: expr.type })
}

/** AND where `decides` is false, OR where it is true: left to right, up to the argument that decides. */
function evalJunction(args: readonly Expr[], row: Row, decides: boolean): Value {
  let unknown = false
  for (const arg of args) {
    const value = evalExpr(arg, row)
    if (value === decides) return decides
    if (value === null) unknown = true
  }
  return unknown ? null : !decides
}

function evalIn(expr: ExprOf<'In'>, row: Row): Value {
  const value = evalExpr(expr.arg, row)
  let unknown = value === null
  for (const item of expr.items) {
    const other = evalExpr(item, row)
    if (value === null || other === null) unknown = true
    else if (compareValues(value, other, expr.arg.type) === 0) return true
  }
  return unknown ? null : false
}

/** TRY_CAST forgives its own failure, not its argument's. */
function evalCast(expr: ExprOf<'Cast'>, row: Row): Value {
  const value = evalExpr(expr.arg, row)
  try {
    return castValue(value, expr.arg.type, expr.type)
  } catch (error) {
    if (expr.safe && error instanceof Failure) return null
    throw error
  }
}
