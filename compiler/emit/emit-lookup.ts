import { js, type Code } from '../code/index.ts'
import type { StepOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitSteps } from './emit-step.ts'
import { emitTest } from './emit-test.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { placeText } from './module.ts'
import { emitTableKey } from './table-key.ts'
import { rowValues } from './emit-table.ts'
import type { TaskContext } from './task-context.ts'
import { computed, type Value } from './value.ts'

/** Goes on with the row beside each row that the table has for its key now. */
export function emitLookup(step: StepOf<'Lookup'>, cx: FunctionContext, task: TaskContext): void {
  const { out, scope } = cx
  const { state, row: type } = task.table(step.table.name)
  out.comment(
    `${placeText(step.span)} ${step.join === 'LEFT' ? 'LEFT JOIN' : 'JOIN'} ${step.table.name}`
  )
  const keys = step.keys.map(key => key.left)
  const values = keys.map(key => bindSimple(emitExpr(key, cx), cx, 'key'))
  const key = emitTableKey(values, keys, cx)
  const found = scope.name(step.table.name)
  const goOn = (columns: readonly Value[]): void =>
    emitSteps(step.steps, { ...cx, row: [...cx.row, ...columns] }, task)
  const test = (row: Code): Code | null =>
    step.condition === null
      ? null
      : emitTest(step.condition, { ...cx, row: [...cx.row, ...rowValues(step.table, row)] })
  if (step.index === null) emitOne()
  else emitMany(js`${state}.find(${step.index}, ${key})`)

  /** By the table's key: one row or none. */
  function emitOne(): void {
    if (step.condition === null) out.line(js`const ${found} = ${state}.get(${key})`)
    else {
      out.line(js`let ${found} = ${state}.get(${key})`)
      out.if(js`${found} !== null`, () => out.line(js`if (!(${test(found)!})) ${found} = null`))
    }
    if (step.join === 'LEFT') goOn(valuesOrNull(step, found))
    else out.if(js`${found} !== null`, () => goOn(rowValues(step.table, found)))
  }

  function emitMany(rows: Code): void {
    if (step.join === 'INNER') {
      out.block(js`for (const ${found} of ${rows})`, () => {
        const condition = test(found)
        if (condition === null) goOn(rowValues(step.table, found))
        else out.if(condition, () => goOn(rowValues(step.table, found)))
      })
      return
    }
    const matches = scope.name('matches')
    out.line(js`const ${matches}: (${type} | null)[] = []`)
    out.block(js`for (const ${found} of ${rows})`, () => {
      const condition = test(found)
      if (condition === null) out.line(js`${matches}.push(${found})`)
      else out.if(condition, () => out.line(js`${matches}.push(${found})`))
    })
    out.line(js`if (${matches}.length === 0) ${matches}.push(null)`)
    out.block(js`for (const ${found} of ${matches})`, () => goOn(valuesOrNull(step, found)))
  }
}

/** Columns of a row that may be missing. */
function valuesOrNull({ table }: StepOf<'Lookup'>, row: Code): Value[] {
  return table.schema.columns.map((_, index) =>
    computed(js`${row} === null ? null : ${row}[${index}]`, 'null')
  )
}
