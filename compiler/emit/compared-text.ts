import { js, type Code } from '../code/index.ts'
import { type Expr, textComparisonOf } from '../ir/index.ts'
import type { FunctionContext } from './function-context.ts'
import type { Module } from './module.ts'
import { any, computed, type CopyRange, nullTest, type NullForm, type Value } from './value.ts'

/** A TEXT whose bytes are known: who wants a string makes one. */
export function textOfBytes(copy: CopyRange, nulls: NullForm, { use }: Module): Value {
  const text = js`${use('textAt')}(batch.bytes, ${copy.start}, ${copy.end})`
  const isNever = nulls === 'never'
  return {
    code: isNever ? js`${text}!` : text,
    nulls: isNever ? 'never' : 'null',
    simple: false,
    copy,
    isUnread: true
  }
}

/** A comparison of such a text with literals, on its bytes. Null: the expression is something else. */
export function emitTextComparison(expr: Expr, cx: FunctionContext): Value | null {
  const parts = partsOf(expr, cx)
  if (parts === null) return null
  const { value, isOne, differs } = parts
  const code = differs ? js`!${isOne}` : isOne
  if (value.nulls === 'never') return computed(code, 'never')
  return computed(js`${nullTest(value)!} ? null : ${code}`, 'null')
}

/** A condition that holds exactly where it is TRUE. */
export function emitTextTest(expr: Expr, cx: FunctionContext): Code | null {
  const parts = partsOf(expr, cx)
  if (parts === null) return null
  const { value, start, isOne, differs } = parts
  if (!differs) return isOne
  return value.nulls === 'never' ? js`!${isOne}` : js`${start} >= 0 && !${isOne}`
}

/** `isOne` is false for NULL. */
function partsOf(expr: Expr, { row, module }: FunctionContext) {
  const comparison = textComparisonOf(expr)
  if (comparison === null) return null
  const { column, texts, differs } = comparison
  const value = row[column.index]
  if (value?.isUnread !== true || value.copy === undefined) return null
  const { start, end } = value.copy
  const tests = texts.map(text => {
    const literal = module.constant(`${text} text`, js`${module.use('textConstant')}(${text})`)
    return js`${module.use('textEquals')}(batch.bytes, ${start}, ${end}, ${literal})`
  })
  return { value, start, isOne: tests.length === 1 ? tests[0]! : any(tests), differs }
}
