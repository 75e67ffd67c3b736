import { js, type Code } from '../code/index.ts'
import type { Expr } from '../ir/index.ts'
import { emitTest } from './emit-test.ts'
import { bind, type FunctionContext } from './function-context.ts'
import type { Value } from './value.ts'

/** Longer literals are not worth a constant per place. */
const LONGEST = 1000

/**
 * A CASE whose answers are all text literals, and which is only written out, gives their JSON bytes: no string is made.
 * Null where the expression is anything else.
 */
export function encodedText(expr: Expr, name: string, cx: FunctionContext): Value | null {
  if (expr.kind !== 'Case' || expr.type.kind !== 'Text' || expr.branches.length > 8) return null
  const answers = [...expr.branches.map(branch => branch.then), expr.otherwise].map(answer =>
    encode(answer, name, cx)
  )
  const otherwise = answers.pop()
  if (otherwise === undefined || otherwise === null || answers.includes(null)) return null
  const tests: Code[] = []
  const lines = cx.out.capture(() => {
    for (const { when } of expr.branches) tests.push(emitTest(when, cx))
  })
  if (lines.length > 0) return null
  const code = tests.reduceRight(
    (rest, test, i) => js`${test} ? ${answers[i]!} : ${rest}`,
    otherwise
  )
  return { ...bind({ code, nulls: 'never', simple: false }, cx, name), encoded: true }
}

function encode(expr: Expr, name: string, { module }: FunctionContext): Code | null {
  if (expr.kind !== 'Literal') return null
  const { value } = expr
  if (value !== null && (typeof value !== 'string' || value.length > LONGEST)) return null
  const json = JSON.stringify(value)
  return module.constant(`${name} ${value ?? 'null'}`, js`${module.use('ascii')}(${json})`)
}
