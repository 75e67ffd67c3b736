import { exprCanFail } from '../functions/index.ts'
import type { ExprOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import type { Value } from './value.ts'

/**
 * The arguments of a call, evaluated from left to right: where a later one needs statements, earlier ones that can fail get
 * theirs before. `first` is the first argument's value, where it is known.
 */
export function emitArguments(
  { args }: ExprOf<'Call'>,
  first: Value | null,
  cx: FunctionContext
): Value[] {
  const values: Value[] = []
  args.forEach((arg, i) => {
    if (i === 0 && first !== null) return void values.push(first)
    let value!: Value
    const lines = cx.out.capture(() => {
      value = emitExpr(arg, cx)
    })
    if (lines.length > 0) {
      values.forEach((earlier, j) => {
        if (!earlier.simple && exprCanFail(args[j]!)) values[j] = bindSimple(earlier, cx)
      })
      cx.out.insert(lines)
    }
    values.push(value)
  })
  return values
}

/**
 * The arguments of a strict call, some of which may be NULL: those are tested and then used, so they need names. One that can
 * fail does so beside a NULL too.
 */
export function nameArguments(
  { args }: ExprOf<'Call'>,
  values: readonly Value[],
  cx: FunctionContext
): Value[] {
  return values.map((value, i) => {
    const mayStay = value.nulls === 'never' && (value.simple || !exprCanFail(args[i]!))
    return mayStay ? value : bindSimple(value, cx)
  })
}

/** Whether a strict call is NULL for every row: it is not emitted, since its constants could not be made of NULL. */
export function hasNullLiteral({ args }: ExprOf<'Call'>): boolean {
  return args.some(arg => arg.kind === 'Literal' && arg.value === null)
}
