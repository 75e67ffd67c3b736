import { js, type Code } from '../code/index.ts'
import { emitComparison, exprCanFail } from '../functions/index.ts'
import { type Expr, type ExprOf, makeCall, makeOr, SET_SIZE } from '../ir/index.ts'
import { isPrimitive } from '../types/index.ts'
import { emitTextComparison } from './compared-text.ts'
import { emitExpr } from './emit-expr.ts'
import { emitLiteral } from './emit-literal.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { any, computed, notNullTest, nullTest, operand, type Value } from './value.ts'

/** TRUE where an item equals; else NULL where the value or an item is NULL; else FALSE. */
export function emitIn(expr: ExprOf<'In'>, cx: FunctionContext): Value {
  const { arg, items } = expr
  const compared = emitTextComparison(expr, cx)
  if (compared !== null) return compared
  if (items.some(exprCanFail)) return emitExpr(asComparisons(expr), cx)
  const value = bindSimple(emitExpr(arg, cx), cx)
  const literals = items.filter(item => item.kind === 'Literal')
  const known = literals.filter(item => item.value !== null)
  const matches: Code[] = []
  const nulls: Code[] = []
  if (literals.length > known.length) nulls.push(js`true`)
  if (known.length > 0) matches.push(emitLookup(value, known, cx))
  for (const item of items) {
    if (item.kind === 'Literal') continue
    const other = bindSimple(emitExpr(item, cx), cx)
    const equal = emitComparison('equal', arg.type, value.code, operand(other), cx.module)
    const test = notNullTest(other)
    matches.push(test === null ? equal : js`${test} && ${equal}`)
    const isNull = nullTest(other)
    if (isNull !== null) nulls.push(isNull)
  }
  return decide(value, any(matches), any(nulls))
}

/** An item that can fail is only reached where none before it is equal: `x = a OR x = b`, as SQL defines IN. */
function asComparisons({ arg, items, type, span }: ExprOf<'In'>): Expr {
  const tests = items.map(item =>
    makeCall('equal', [arg, item], type, arg.nullable || item.nullable, span)
  )
  return tests.length === 1 ? tests[0]! : makeOr(tests, span)
}

function decide(value: Value, match: Code, unknown: Code): Value {
  const isNull = nullTest(value)
  const answer = unknown.text === 'false' ? match : js`${match} ? true : ${unknown} ? null : false`
  if (isNull !== null) return computed(js`${isNull} ? null : ${answer}`, 'null')
  return computed(answer, unknown.text === 'false' ? 'never' : 'null')
}

/** Where literals have one JavaScript value per SQL value, a Set finds them. */
function emitLookup(value: Value, literals: readonly Expr[], cx: FunctionContext): Code {
  const { module } = cx
  const type = literals[0]!.type
  const codes = literals.map(item =>
    item.kind === 'Literal' ? emitLiteral(item, module).code : js`null`
  )
  if (!isPrimitive(type) || codes.length < SET_SIZE) {
    return any(codes.map(code => emitComparison('equal', type, value.code, code, module)))
  }
  const set = module.constant('in list', js`new Set<unknown>([${codes}])`)
  return js`${set}.has(${value.code})`
}
