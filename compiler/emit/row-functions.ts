import { js, type Code } from '../code/index.ts'
import type { Expr } from '../ir/index.ts'
import type { RowType } from '../types/index.ts'
import { emitExpr } from './emit-expr.ts'
import { functionContext } from './function-context.ts'
import { emitTest } from './emit-test.ts'
import type { Module } from './module.ts'
import { simpleValue, type Value, withNull } from './value.ts'

/** The columns of `row`. */
export function tuple({ columns }: RowType): Value[] {
  return columns.map(({ nullable }, i) => simpleValue(js`row[${i}]`, nullable ? 'null' : 'never'))
}

/** The type of rows of these columns. */
export function tupleType({ columns }: RowType, module: Module): Code {
  const types = columns.map(({ type, nullable }) => module.type(type, nullable))
  return js`readonly [${types}]`
}

/** A function of a row that gives a tuple of expressions. */
export function emitRow(hint: string, exprs: readonly Expr[], row: RowType, module: Module): Code {
  return emitFunction(hint, row, module, cx => {
    const values = exprs.map(expr => withNull(emitExpr(expr, cx)))
    return js`[${values}]`
  })
}

/** A function of a row that gives the value of an expression. */
export function emitValue(hint: string, expr: Expr, row: RowType, module: Module): Code {
  return emitFunction(hint, row, module, cx => withNull(emitExpr(expr, cx)))
}

/** A function of a row that says whether a condition is TRUE. */
export function emitPredicate(hint: string, expr: Expr, row: RowType, module: Module): Code {
  return emitFunction(hint, row, module, cx => emitTest(expr, cx))
}

/** A function of `row`. */
export function emitFunction(
  hint: string,
  row: RowType,
  module: Module,
  emitResult: (cx: ReturnType<typeof functionContext>) => Code
): Code {
  const name = module.scope.name(hint)
  module.body.block(js`function ${name}(row: ${tupleType(row, module)})`, () => {
    const result = emitResult(functionContext(tuple(row), module))
    module.body.line(js`return ${result}`)
  })
  return name
}
