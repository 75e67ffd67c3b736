import { js, type Code } from '../code/index.ts'
import { type Expr, operatorKey, type StepOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitRound } from './emit-step.ts'
import { bind, bindSimple, type FunctionContext } from './function-context.ts'
import { placeText, shortText } from './module.ts'
import type { TaskContext } from './task-context.ts'
import {
  computed,
  listOf,
  notNullTest,
  nullTest,
  simpleValue,
  type Value,
  withNull
} from './value.ts'

/** Goes on with the row beside each element of an array. */
export function emitUnnest(step: StepOf<'Unnest'>, cx: FunctionContext, task: TaskContext): void {
  emitRounds(step, cx, round => {
    cx.module.count(operatorKey('Unnest', step.span), cx.out)
    cx.module.look(operatorKey('Unnest', step.span), step.schema, listOf(round.row), cx.out)
    emitRound(step.steps, round, task)
  })
}

/** Answers the rows beside each element of an array. */
export function emitElements(step: StepOf<'Unnest'>, cx: FunctionContext): void {
  const { out, scope, module } = cx
  const rows = scope.name('rows')
  const types = step.schema.columns.map(({ type, nullable }) => module.type(type, nullable))
  out.line(js`const ${rows}: (readonly [${types}])[] = []`)
  const cells = ({ row }: FunctionContext): Code[] =>
    // What a loop gives may be NULL as far as TypeScript knows.
    row.map((value, i) =>
      value.nulls === 'null' && !step.schema.columns[i]!.nullable
        ? js`${withNull(value)}!`
        : withNull(value)
    )
  emitRounds(step, cx, round => out.line(js`${rows}.push([${cells(round)}])`))
  out.line(js`return ${rows}`)
}

/** A loop over the elements; `round` is what is done with the row that each makes. */
function emitRounds(
  step: StepOf<'Unnest'>,
  cx: FunctionContext,
  round: (cx: FunctionContext) => void
): void {
  const { out, scope } = cx
  const { join, columns, array } = step.unnest
  const kept = step.keeps.map(index => cx.row[index]!)
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
    out.block(head, () => round({ ...cx, row: [...kept, ...added] }))
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
