import { js, type Code } from '../code/index.ts'
import type { ExprOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitTest } from './emit-test.ts'
import { assign, type FunctionContext, letBinding } from './function-context.ts'
import { computed, simpleValue, type Value, withNull } from './value.ts'

/** A branch runs only where it is taken: as a conditional expression where nothing needs statements, else as if and else. */
export function emitCase(expr: ExprOf<'Case'>, cx: FunctionContext): Value {
  return emitConditional(expr, cx) ?? emitBlocks(expr, cx)
}

function emitConditional(expr: ExprOf<'Case'>, cx: FunctionContext): Value | null {
  // Deep nesting of conditionals is as bad to read as to parse.
  if (expr.branches.length > 8) return null
  const parts: { readonly test: Code; readonly then: Code }[] = []
  let otherwise!: Code
  const lines = cx.out.capture(() => {
    for (const { when, then } of expr.branches) {
      parts.push({ test: emitTest(when, cx), then: branchCode(emitExpr(then, cx)) })
    }
    otherwise = branchCode(emitExpr(expr.otherwise, cx))
  })
  if (lines.length > 0) return null
  const code = parts.reduceRight(
    (rest, { test, then }) => js`${test} ? ${then} : ${rest}`,
    otherwise
  )
  return computed(code, expr.nullable ? 'null' : 'never')
}

function branchCode(value: Value): Code {
  return value.nulls === 'never' && value.simple ? value.code : withNull(value)
}

function emitBlocks(expr: ExprOf<'Case'>, cx: FunctionContext): Value {
  const result = letBinding('chosen', expr.type, expr.nullable, null, cx)
  emitBranch(expr, 0, result, cx)
  return simpleValue(result, expr.nullable ? 'null' : 'never')
}

/** As a labelled block with a break behind each branch: as flat as the CASE, however many branches it has. */
function emitBranch(expr: ExprOf<'Case'>, _from: number, result: Code, cx: FunctionContext): void {
  const label = cx.scope.name('choice')
  cx.out.block(js`${label}:`, () => {
    for (const { when, then } of expr.branches) {
      cx.out.if(emitTest(when, cx), () => {
        assign(result, emitExpr(then, cx), cx)
        cx.out.line(js`break ${label}`)
      })
    }
    assign(result, emitExpr(expr.otherwise, cx), cx)
  })
}
