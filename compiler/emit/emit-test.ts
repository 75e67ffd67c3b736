import { js, type Code } from '../code/index.ts'
import { emitCall, entryOf, signatureOf } from '../functions/index.ts'
import type { Expr, ExprOf } from '../ir/index.ts'
import { emitTextTest } from './compared-text.ts'
import { emitArguments, hasNullLiteral, nameArguments } from './emit-arguments.ts'
import { callContext, emitExpr } from './emit-expr.ts'
import type { FunctionContext } from './function-context.ts'
import { notNullTest, operand, type Value } from './value.ts'

/** A JavaScript condition that holds exactly where the expression is TRUE: NULL is as good as FALSE. */
export function emitTest(expr: Expr, cx: FunctionContext): Code {
  switch (expr.kind) {
    case 'And':
      return emitChain(expr.args, true, cx)
    case 'Or':
      return emitChain(expr.args, false, cx)
    case 'Not':
      return emitFalseTest(expr.arg, cx)
    case 'Call':
      return emitTextTest(expr, cx) ?? emitCallTest(expr, cx)
    case 'In':
      return emitTextTest(expr, cx) ?? isTrue(emitExpr(expr, cx))
    default:
      return isTrue(emitExpr(expr, cx))
  }
}

function isTrue(value: Value): Code {
  if (value.nulls === 'never') return operand(value)
  return js`${operand(value)} === true`
}

/** Holds exactly where the expression is FALSE. */
function emitFalseTest(expr: Expr, cx: FunctionContext): Code {
  if (expr.kind === 'Not') return emitTest(expr.arg, cx)
  const value = emitExpr(expr, cx)
  return value.nulls === 'never' ? js`!${operand(value)}` : js`${operand(value)} === false`
}

/**
 * `a && b && c`, or with `||`. An argument that needs statements is evaluated in a block of its own, so that it runs only
 * where the ones before have not decided.
 */
function emitChain(args: readonly Expr[], all: boolean, cx: FunctionContext): Code {
  let tests: Code[] = []
  let name: Code | null = null
  const join = (): Code => {
    const wrapped = tests.map(test => js`(${test})`)
    return wrapped.length === 1
      ? tests[0]!
      : wrapped.reduce((left, right) => (all ? js`${left} && ${right}` : js`${left} || ${right}`))
  }
  for (const arg of args) {
    let test!: Code
    const lines = cx.out.capture(() => {
      test = emitTest(arg, cx)
    })
    if (lines.length === 0) {
      tests.push(test)
      continue
    }
    if (tests.length === 0) {
      cx.out.insert(lines)
      tests.push(test)
      continue
    }
    if (name === null) {
      name = cx.scope.name('holds')
      cx.out.line(js`let ${name}: boolean = ${join()}`)
    } else cx.out.line(js`${name} = ${join()}`)
    cx.out.if(all ? name : js`!${name}`, () => {
      cx.out.insert(lines)
      cx.out.line(js`${name!} = ${test}`)
    })
    tests = [name]
  }
  return join()
}

/** A strict call is TRUE only where no argument is NULL: one condition, without a null in between. */
function emitCallTest(call: ExprOf<'Call'>, cx: FunctionContext): Code {
  const strict = entryOf(call.function).nullRule === 'strict' && !signatureOf(call).givesNull
  if (!strict || call.args[0]?.kind === 'Call') return isTrue(emitExpr(call, cx))
  const values = emitArguments(call, null, cx)
  if (values.every(value => value.nulls === 'never')) {
    return emitCall(values.map(operand), callContext(call, cx))
  }
  const named = nameArguments(call, values, cx)
  if (hasNullLiteral(call)) return js`false`
  const code = emitCall(named.map(operand), callContext(call, cx))
  const tests = named.map(notNullTest).filter(test => test !== null)
  return js`${tests.reduce((a, b) => js`${a} && ${b}`)} && (${code})`
}
