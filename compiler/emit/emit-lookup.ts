import { js, type Code } from '../code/index.ts'
import { exprCanFail } from '../functions/index.ts'
import { type LookupJoin, operatorKey, type StepOf, workKey } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitGuarded, emitRound, emitSteps } from './emit-step.ts'
import { emitTest } from './emit-test.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { loopScope } from './loop-scope.ts'
import { mayReject } from './may-reject.ts'
import { placeOf, placeText } from './module.ts'
import { emitTableKey } from './table-key.ts'
import type { TableNames } from './table-names.ts'
import type { TaskContext } from './task-context.ts'
import { computed, listOf, rowValues, type Value } from './value.ts'
import { declareWaiting, type Kept, keepColumn, loadColumns } from './waiting-columns.ts'

const words: { readonly [K in LookupJoin]: string } = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  SEMI: 'in',
  ANTI: 'not in',
  SINGLE: 'SELECT from'
}

/** Goes on with the row beside the rows that the table has for its key now. */
export function emitLookup(step: StepOf<'Lookup'>, cx: FunctionContext, task: TaskContext): void {
  cx.out.comment(`${placeText(step.span)} ${words[step.join]} ${step.table.name}`)
  const keys = step.keys.map(key => key.left)
  const values = keys.map(key => bindSimple(emitExpr(key, cx), cx, 'key'))
  const key = emitTableKey(values, keys, cx)
  if (step.together !== null) return emitTogether(step, step.together, key, cx, task)
  const lookup = makeLookup(step, key, cx, task)
  if (step.index === null) emitOne(lookup, js`${lookup.names.state}.get(${key})`)
  // A condition that fails for one row fails the record, before any other row has gone on.
  else if (step.join === 'INNER' && !(step.condition && exprCanFail(step.condition))) {
    emitEach(lookup, step.index)
  } else if (step.join === 'SEMI' || step.join === 'ANTI') emitAny(lookup, step.index)
  else emitMatches(lookup, step.index)
}

function makeLookup(
  step: StepOf<'Lookup'>,
  key: Code,
  cx: FunctionContext,
  task: TaskContext
): Lookup {
  const leave = (row: readonly Value[]): readonly Value[] => {
    const own = operatorKey('Lookup', step.span)
    cx.module.count(own, cx.out)
    cx.module.look(own, step.schema, listOf(row), cx.out)
    return row
  }
  return {
    step,
    cx,
    names: task.table(step.table.name),
    key,
    found: cx.scope.name(step.table.name),
    goOn(columns) {
      emitSteps(step.steps, { ...cx, row: leave([...cx.row, ...columns]) }, task)
    },
    round(columns) {
      emitRound(step.steps, { ...cx, row: leave([...cx.row, ...columns]) }, task)
    }
  }
}

/** Where the columns of waiting rows are that are no columns of theirs. */
const KEY = 0
const FOUND = 1

/** The row waits beside its key; a function of its own looks all of them up and goes on. */
function emitTogether(
  step: StepOf<'Lookup'>,
  reads: readonly number[],
  key: Code,
  cx: FunctionContext,
  task: TaskContext
): void {
  const { module, out, row } = cx
  const counts = { doubles: 0, ranges: 0, values: 2 }
  const ofRow = module.looks ? [...row.keys()] : reads.filter(index => index < row.length)
  const keeps = ofRow.map(index =>
    keepColumn(index, row[index]!, step.schema.columns[index]!, counts, cx)
  )
  const waiting = declareWaiting(step.table.name, counts, module)
  const waiter = cx.scope.name('row')
  out.line(js`const ${waiter} = ${waiting}.add(i)`)
  out.line(js`${waiting}.values[${KEY}]![${waiter}] = ${key}`)
  for (const keep of keeps) for (const line of keep.store(waiting, waiter)) out.line(line)
  const resume = module.scope.name(`after ${step.table.name}`)
  task.resumes.push(js`${resume}(batch)`)
  task.later.push(() =>
    out.at(placeOf(step.span), () => emitFound(step, { reads, keeps, waiting, resume }, cx, task))
  )
}

interface Waiting {
  readonly reads: readonly number[]
  readonly keeps: readonly Kept[]
  readonly waiting: Code
  readonly resume: Code
}

/** `function afterUsers(batch)`: looks up the rows that waited, and goes on with each. */
function emitFound(
  step: StepOf<'Lookup'>,
  { reads, keeps, waiting, resume }: Waiting,
  outer: FunctionContext,
  task: TaskContext
): void {
  const { module } = outer
  const { body } = module
  const { state, row: rowType } = task.table(step.table.name)
  const inner = { ...task, resumes: [] as Code[] }
  const scope = loopScope(module)
  const ofTable = reads.map(index => index - outer.row.length).filter(index => index >= 0)
  const texts = ofTable.filter(index => step.table.schema.columns[index]!.type.kind === 'Text')
  body.comment(`Goes on with the rows that waited for ${step.table.name}.`)
  body.block(js`function ${resume}(batch: Batch): void`, () => {
    module.work(workKey(step), body)
    body.line(js`${module.use('lookUpAll')}(${state}, ${waiting}, [${texts.map(i => js`${i}`)}])`)
    body.block(js`for (let w = 0; w < ${waiting}.count; w++)`, () => {
      module.work(workKey(step), body)
      body.line(js`const i = ${waiting}.record[w]!`)
      const cx: FunctionContext = { module, out: body, scope, row: [] }
      const width = outer.row.length
      const row = loadColumns(keeps, step.schema.columns.slice(0, width), waiting, cx)
      const found = js`${waiting}.values[${FOUND}]![w] as ${rowType} | null`
      const goOn = (): void => emitOne(makeLookup(step, js`null`, { ...cx, row }, inner), found)
      if (mayReject(step)) emitGuarded(cx, goOn)
      else goOn()
    })
    body.line(js`${waiting}.clear()`)
    for (const next of inner.resumes) body.line(next)
  })
  body.blank()
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
function emitOne(lookup: Lookup, row: Code): void {
  const { step, cx, found, goOn } = lookup
  const { out } = cx
  if (step.condition === null) out.line(js`const ${found} = ${row}`)
  else {
    out.line(js`let ${found} = ${row}`)
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
