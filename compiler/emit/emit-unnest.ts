import { js } from '../code/index.ts'
import { type Expr, operatorKey, type StepOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitRound } from './emit-step.ts'
import { bind, bindSimple, type FunctionContext } from './function-context.ts'
import { placeText, shortText } from './module.ts'
import type { TaskContext } from './task-context.ts'
import { computed, notNullTest, nullTest, simpleValue, type Value } from './value.ts'

/** Goes on with the row beside each element of an array. */
export function emitUnnest(step: StepOf<'Unnest'>, cx: FunctionContext, task: TaskContext): void {
  const { out, scope } = cx
  const { join, columns, array } = step.unnest
  out.comment(`${placeText(step.span)} UNNEST ${shortText(array.span, 60)}`)
  const items = bind(emitItems(array, cx), cx, 'items')
  const [element, ordinality] = columns
  const item = scope.name(element!.name)
  const at = scope.name('at')
  const rounds = (list: typeof item, position: Value): void => {
    const head =
      ordinality === undefined
        ? js`for (const ${item} of ${list})`
        : js`for (const [${at}, ${item}] of ${list}.entries())`
    const added = [simpleValue(item, 'null'), position].slice(0, columns.length)
    out.block(head, () => {
      cx.module.count(operatorKey('Unnest', step.span), out)
      emitRound(step.steps, { ...cx, row: [...cx.row, ...added] }, task)
    })
  }
  if (join === 'INNER') {
    const all = (): void => rounds(items.code, computed(js`${at} + 1`, 'never'))
    const isThere = notNullTest(items)
    if (isThere === null) all()
    else out.if(isThere, all)
    return
  }
  const empty = scope.name('empty')
  const isNull = nullTest(items)
  const isEmpty = js`${items.code}.length === 0`
  const test = isNull === null ? isEmpty : js`${isNull} || ${isEmpty}`
  out.line(js`const ${empty} = ${test}`)
  rounds(js`(${empty} ? [null] : ${items.code})`, computed(js`${empty} ? null : ${at} + 1`, 'null'))
}

/** The elements of the array; NULL where it is. */
export function emitItems(array: Expr, cx: FunctionContext): Value {
  const value = emitExpr(array, cx)
  if (array.type.kind !== 'Json') return value
  const { module } = cx
  const simple = bindSimple(value, cx)
  const items = js`${module.use('jsonItems')}(${simple.code}, ${module.site(array.span)})`
  const isNull = nullTest(simple)
  if (isNull === null) return computed(items, 'never')
  return computed(js`${isNull} ? null : ${items}`, 'null')
}
