import { js, type Code } from '../code/index.ts'
import {
  castGivesNull,
  emitCall,
  emitCast,
  emitComparison,
  entryOf,
  signatureOf
} from '../functions/index.ts'
import {
  type Expr,
  type ExprKind,
  type ExprOf,
  InternalError,
  invariant,
  makeLiteral
} from '../ir/index.ts'
import { emitTextComparison } from './compared-text.ts'
import { emitArguments, hasNullLiteral, nameArguments } from './emit-arguments.ts'
import { emitCase } from './emit-case.ts'
import { emitIn } from './emit-in.ts'
import { emitLiteral } from './emit-literal.ts'
import { emitAnd, emitOr } from './emit-logic.ts'
import { emitTest } from './emit-test.ts'
import {
  bind,
  bindSimple,
  emitLazily,
  letBinding,
  type FunctionContext
} from './function-context.ts'
import {
  computed,
  notNullTest,
  nullTest,
  operand,
  simpleValue,
  type Value,
  withNull
} from './value.ts'

type Emitter<K extends ExprKind> = (expr: ExprOf<K>, cx: FunctionContext) => Value

const emitters: { readonly [K in ExprKind]: Emitter<K> } = {
  Literal: (expr, cx) => emitLiteral(expr, cx.module),
  Column: (expr, { row }) => {
    const value = row[expr.index]
    invariant(value !== undefined, `column ${expr.name} has a value`, expr.span)
    return value
  },
  Call: emitCallExpr,
  And: emitAnd,
  Or: emitOr,
  Not: emitNot,
  IsNull: emitIsNull,
  NotDistinct: emitNotDistinct,
  Case: emitCase,
  Coalesce: emitCoalesce,
  In: emitIn,
  Cast: emitCastExpr,
  Predict: ({ span }) => {
    throw new InternalError('model calls are nodes of the plan', span)
  }
}

/** Emits what computes an expression; statements that it needs first go to the writer. */
export function emitExpr(expr: Expr, cx: FunctionContext): Value {
  const emitter = emitters[expr.kind] as unknown as Emitter<ExprKind>
  return emitter(expr, cx)
}

/**
 * A chain like `a + b + c + ...` nests to the left as deep as it is long: its first arguments are emitted from the innermost
 * out, with a name now and then, so that neither this compiler nor V8's parser runs out of stack.
 */
function emitCallExpr(root: ExprOf<'Call'>, cx: FunctionContext): Value {
  const chain: ExprOf<'Call'>[] = [root]
  for (let first = root.args[0]; first?.kind === 'Call'; first = first.args[0]) chain.push(first)
  let inner: Value | null = null
  chain.toReversed().forEach((call, i) => {
    if (inner !== null && i % 20 === 0) inner = bind(inner, cx)
    inner = emitOneCall(call, inner, cx)
  })
  return inner!
}

function emitOneCall(call: ExprOf<'Call'>, first: Value | null, cx: FunctionContext): Value {
  const compared = emitTextComparison(call, cx)
  if (compared !== null) return compared
  const values = emitArguments(call, first, cx)
  const signature = signatureOf(call)
  const finish = (args: readonly Code[]): Code => emitCall(args, callContext(call, cx))
  const nulls = signature.givesNull ? 'null' : 'never'
  if (entryOf(call.function).nullRule !== 'strict') {
    return computed(finish(values.map(withNull)), call.nullable ? 'null' : nulls)
  }
  if (values.every(value => value.nulls === 'never'))
    return computed(finish(values.map(operand)), nulls)
  const named = nameArguments(call, values, cx)
  if (hasNullLiteral(call)) return simpleValue(js`null`, 'null')
  const tests = named.map(nullTest).filter(test => test !== null)
  const result = finish(named.map(operand))
  return computed(js`${joinOr(tests)} ? null : ${result}`, 'null')
}

export function callContext(call: ExprOf<'Call'>, { module }: FunctionContext) {
  return {
    call,
    use: module.use,
    site: () => js`${module.site(call.span)}`,
    constant: module.constant,
    type: module.type,
    clock: module.clock
  }
}

function joinOr(tests: readonly Code[]): Code {
  return tests.reduce((all, test) => js`${all} || ${test}`)
}

function emitNot({ arg }: ExprOf<'Not'>, cx: FunctionContext): Value {
  const value = emitExpr(arg, cx)
  if (value.nulls === 'never') return computed(js`!${operand(value)}`, 'never')
  const { code } = bindSimple(value, cx)
  return computed(js`${code} === null ? null : !${code}`, 'null')
}

function emitIsNull({ arg }: ExprOf<'IsNull'>, cx: FunctionContext): Value {
  const value = emitExpr(arg, cx)
  const known = value.isUnread === true ? value : bindSimple(value, cx)
  return computed(nullTest(known) ?? js`false`, 'never')
}

function emitNotDistinct({ left, right }: ExprOf<'NotDistinct'>, cx: FunctionContext): Value {
  if (right.kind === 'Literal' && right.value === true) return computed(emitTest(left, cx), 'never')
  const a = bindSimple(emitExpr(left, cx), cx)
  const b = bindSimple(emitExpr(right, cx), cx)
  const equal = emitComparison('equal', left.type, a.code, b.code, cx.module)
  const [aIsNull, bIsNull] = [nullTest(a), nullTest(b)]
  const [aIsNot, bIsNot] = [notNullTest(a), notNullTest(b)]
  if (aIsNull === null && bIsNull === null) return computed(equal, 'never')
  if (aIsNull === null) return computed(js`${bIsNot!} && ${equal}`, 'never')
  if (bIsNull === null) return computed(js`${aIsNot!} && ${equal}`, 'never')
  return computed(js`${aIsNull} ? ${bIsNull} : ${bIsNot!} && ${equal}`, 'never')
}

/** Arguments are evaluated one by one, until one is not NULL. */
function emitCoalesce(expr: ExprOf<'Coalesce'>, cx: FunctionContext): Value {
  const [first, ...rest] = expr.args
  const start = emitExpr(first!, cx)
  const result = letBinding('first', expr.type, true, withNull(start), cx)
  for (const arg of rest) {
    emitLazily(js`${result} === null`, arg, result, cx)
  }
  if (expr.nullable) return simpleValue(result, 'null')
  return computed(js`${result}!`, 'never')
}

function emitCastExpr(expr: ExprOf<'Cast'>, cx: FunctionContext): Value {
  const { arg, type, safe } = expr
  if (arg.kind === 'Literal' && arg.value === null) {
    return emitLiteral(makeLiteral(null, type, expr.span), cx.module)
  }
  const value = emitExpr(arg, cx)
  const { use, constant, type: typeOf, site } = cx.module
  const context = { use, constant, type: typeOf, site: () => js`${site(expr.span)}` }
  const cast = (from: Value): Code => emitCast(arg.type, type, operand(from), safe, context)
  const nulls = castGivesNull(arg.type, type, safe) || arg.type.kind === 'Json' ? 'null' : 'never'
  if (value.nulls === 'never') {
    const code = cast(value)
    return code.text === value.code.text ? value : computed(code, nulls)
  }
  const named = bindSimple(value, cx)
  const code = cast(named)
  // One representation for both types: the NULL form stays too.
  if (code.text === named.code.text) return named
  return computed(js`${nullTest(named)!} ? null : ${code}`, 'null')
}
