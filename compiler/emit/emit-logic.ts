import { js } from '../code/index.ts'
import type { Expr, ExprOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitTest } from './emit-test.ts'
import { type FunctionContext, letBinding } from './function-context.ts'
import { computed, operand, simpleValue, type Value } from './value.ts'

/** Left to right until one is FALSE; NULL goes on, since a FALSE behind it decides. */
export function emitAnd(expr: ExprOf<'And'>, cx: FunctionContext): Value {
  return emitChainValue(expr, expr.args, true, cx)
}

/** Left to right until one is TRUE. */
export function emitOr(expr: ExprOf<'Or'>, cx: FunctionContext): Value {
  return emitChainValue(expr, expr.args, false, cx)
}

function emitChainValue(
  expr: Expr,
  args: readonly Expr[],
  all: boolean,
  cx: FunctionContext
): Value {
  // Without NULLs, being TRUE is all there is to know.
  if (!expr.nullable) return computed(emitTest(expr, cx), 'never')
  const [first, ...rest] = args
  const { code } = emitExpr(first!, cx)
  // TypeScript would take a variable that starts as `true` for nothing else, and refuse the tests below.
  const start = first!.kind === 'Literal' ? js`${code} as boolean | null` : code
  const result = letBinding('condition', expr.type, true, start, cx)
  for (const arg of rest) {
    // `result` is TRUE or NULL (FALSE or NULL) here: only another one changes it.
    cx.out.if(js`${result} !== ${!all}`, () => {
      const value = emitExpr(arg, cx)
      const name = cx.scope.name('next')
      cx.out.line(js`const ${name} = ${operand(value)}`)
      cx.out.line(js`if (${name} !== ${all}) ${result} = ${name}`)
    })
  }
  return simpleValue(result, 'null')
}
