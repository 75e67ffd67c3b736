import { js, type Code, type Scope, type Writer } from '../code/index.ts'
import type { Expr } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'
import { emitExpr } from './emit-expr.ts'
import type { Module } from './module.ts'
import { type Value, withNull } from './value.ts'

/** Where code goes while one generated function is written. */
export interface FunctionContext {
  readonly module: Module
  readonly out: Writer
  readonly scope: Scope
  /** The row that flows at this point: one value per column. */
  readonly row: readonly Value[]
  /** The watermark of the record's partition, where the row is still of a record. */
  readonly watermark?: Code
  /** The clock that it is of. */
  readonly clock?: Code
}

/** Gives a value a name. */
export function bind(value: Value, cx: FunctionContext, hint = 'value'): Value {
  const name = cx.scope.name(hint)
  cx.out.line(js`const ${name} = ${value.code}`)
  return { ...value, code: name, simple: true }
}

/** Gives a value a name if repeating it is not free. */
export function bindSimple(value: Value, cx: FunctionContext, hint = 'value'): Value {
  return value.simple ? value : bind(value, cx, hint)
}

/** `let name: type = start`. */
export function letBinding(
  hint: string,
  type: SqlType,
  nullable: boolean,
  start: Code | null,
  { module, scope, out }: FunctionContext
): Code {
  const name = scope.name(hint)
  const annotation = module.type(type, nullable)
  out.line(
    start === null ? js`let ${name}: ${annotation}` : js`let ${name}: ${annotation} = ${start}`
  )
  return name
}

/** `if (test) name = expression`, with what the expression needs inside of the block. */
export function emitLazily(test: Code, expr: Expr, name: Code, cx: FunctionContext): void {
  cx.out.if(test, () => assign(name, emitExpr(expr, cx), cx))
}

export function assign(name: Code, value: Value, { out }: FunctionContext): void {
  out.line(js`${name} = ${value.nulls === 'nan' ? withNull(value) : value.code}`)
}

/** For a function of its own, over a row. */
export function functionContext(row: readonly Value[], module: Module): FunctionContext {
  const scope = module.scope.inner()
  for (const name of ['row', 'op', 'before', 'after', 'key', 'rows', 'updates']) scope.exact(name)
  return { module, out: module.body, scope, row }
}
