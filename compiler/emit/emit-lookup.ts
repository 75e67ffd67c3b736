import { js, type Code } from '../code/index.ts'
import { exprCanFail } from '../functions/index.ts'
import { type LookupJoin, operatorKey, type StepOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitRound, emitSteps } from './emit-step.ts'
import { emitTest } from './emit-test.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { placeOf, placeText } from './module.ts'
import { emitTableKey } from './table-key.ts'
import type { TableNames } from './table-names.ts'
import type { TaskContext } from './task-context.ts'
import { computed, listOf, rowValues, type Value } from './value.ts'

const words: { readonly [K in LookupJoin]: string } = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  SEMI: 'in',
  ANTI: 'not in',
  SINGLE: 'SELECT from'
}

/** Goes on with the row beside the rows that the table has for its key now. */
export function emitLookup(step: StepOf<'Lookup'>, cx: FunctionContext, task: TaskContext): void {
  const { out } = cx
  out.comment(`${placeText(step.span)} ${words[step.join]} ${step.table.name}`)
  const keys = step.keys.map(key => key.left)
  const values = keys.map(key => bindSimple(emitExpr(key, cx), cx, 'key'))
  const leave = (row: readonly Value[]): readonly Value[] => {
    const own = operatorKey('Lookup', step.span)
    cx.module.count(own, out)
    cx.module.look(own, step.schema, listOf(row), out)
    return row
  }
  const lookup: Lookup = {
    step,
    cx,
    names: task.table(step.table.name),
    key: emitTableKey(values, keys, cx),
    found: cx.scope.name(step.table.name),
    goOn(columns) {
      emitSteps(step.steps, { ...cx, row: leave([...cx.row, ...columns]) }, task)
    },
    round(columns) {
      emitRound(step.steps, { ...cx, row: leave([...cx.row, ...columns]) }, task)
    }
  }
  if (step.index === null) emitOne(lookup)
  // A condition that fails for one row fails the record, before any other row has gone on.
  else if (step.join === 'INNER' && !(step.condition && exprCanFail(step.condition))) {
    emitEach(lookup, step.index)
  } else if (step.join === 'SEMI' || step.join === 'ANTI') emitAny(lookup, step.index)
  else emitMatches(lookup, step.index)
}

interface Lookup {
  readonly step: StepOf<'Lookup'>
  readonly cx: FunctionContext
  readonly names: TableNames
  readonly key: Code
  /** The name of a row that is found. */
  readonly found: Code
  readonly goOn: (columns: readonly Value[]) => void
  /** The same inside of a loop over rows. */
  readonly round: (columns: readonly Value[]) => void
}

/** By the table's key: one row or none. */
function emitOne(lookup: Lookup): void {
  const { step, cx, names, key, found, goOn } = lookup
  const { out } = cx
  if (step.condition === null) out.line(js`const ${found} = ${names.state}.get(${key})`)
  else {
    out.line(js`let ${found} = ${names.state}.get(${key})`)
    out.if(js`${found} !== null`, () =>
      out.line(js`if (!(${emitCondition(lookup)})) ${found} = null`)
    )
  }
  switch (step.join) {
    case 'LEFT':
    case 'SINGLE':
      goOn(valuesOrNull(step, found))
      return
    case 'INNER':
      out.if(js`${found} !== null`, () => goOn(rowValues(step.table.schema, found)))
      return
    case 'SEMI':
      out.if(js`${found} !== null`, () => goOn([]))
      return
    case 'ANTI':
      out.if(js`${found} === null`, () => goOn([]))
  }
}

/** Once for each row. */
function emitEach(lookup: Lookup, index: number): void {
  const { step, found, round } = lookup
  emitLoop(lookup, index, () => round(rowValues(step.table.schema, found)))
}

/** Once where there is a row, or where there is none: the first that matches decides. */
function emitAny(lookup: Lookup, index: number): void {
  const { step, cx, names, key, goOn } = lookup
  const { out, scope } = cx
  const any = scope.name('any')
  if (step.condition === null) {
    out.line(js`const ${any} = ${names.state}.find(${index}, ${key}).length > 0`)
  } else {
    out.line(js`let ${any} = false`)
    emitLoop(lookup, index, () => {
      out.line(js`${any} = true`)
      out.line(js`break`)
    })
  }
  out.if(step.join === 'SEMI' ? any : js`!${any}`, () => goOn([]))
}

/** Once for each row, where LEFT asks for it else once with NULLs; of a query as a value, several fail. */
function emitMatches(lookup: Lookup, index: number): void {
  const { step, cx, names, found, goOn, round } = lookup
  const { out, scope, module } = cx
  const matches = scope.name('matches')
  const type = step.join === 'INNER' ? names.row : js`(${names.row} | null)`
  out.line(js`const ${matches}: ${type}[] = []`)
  emitLoop(lookup, index, () => out.line(js`${matches}.push(${found})`))
  if (step.join === 'SINGLE') {
    const only = scope.name(step.table.name)
    const row = js`${module.use('onlyRow')}(${matches}, ${module.site(step.span)})`
    out.line(js`const ${only} = ${row}`, placeOf(step.span))
    goOn(valuesOrNull(step, only))
    return
  }
  if (step.join === 'INNER') {
    out.block(js`for (const ${found} of ${matches})`, () =>
      round(rowValues(step.table.schema, found))
    )
    return
  }
  out.line(js`if (${matches}.length === 0) ${matches}.push(null)`)
  out.block(js`for (const ${found} of ${matches})`, () => round(valuesOrNull(step, found)))
}

function emitLoop(lookup: Lookup, index: number, body: () => void): void {
  const { step, cx, names, key, found } = lookup
  cx.out.block(js`for (const ${found} of ${names.state}.find(${index}, ${key}))`, () => {
    if (step.condition === null) body()
    else cx.out.if(emitCondition(lookup), body)
  })
}

/** What else must hold of the row that is found. */
function emitCondition({ step, cx, found }: Lookup): Code {
  const row = [...cx.row, ...rowValues(step.table.schema, found)]
  return emitTest(step.condition!, { ...cx, row })
}

/** Columns of a row that may be missing. */
function valuesOrNull({ table }: StepOf<'Lookup'>, row: Code): Value[] {
  return table.schema.columns.map((_, index) =>
    computed(js`${row} === null ? null : ${row}[${index}]`, 'null')
  )
}
