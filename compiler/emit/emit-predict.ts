import { js, type Code } from '../code/index.ts'
import {
  answerWidth,
  type Expr,
  operatorKey,
  type PredictCall,
  type StepOf,
  workKey
} from '../ir/index.ts'
import type { Column } from '../types/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitTest } from './emit-test.ts'
import { loopScope } from './loop-scope.ts'
import { emitGuarded, emitSteps } from './emit-step.ts'
import { bind, type FunctionContext } from './function-context.ts'
import { mayReject } from './may-reject.ts'
import { placeOf, placeText } from './module.ts'
import type { TaskContext } from './task-context.ts'
import { listOf, type Value } from './value.ts'
import {
  declareWaiting,
  type Kept,
  keepColumn,
  loadColumns,
  type WaitingCounts
} from './waiting-columns.ts'

/**
 * Puts the row into the columns of a WaitingRows: arguments as doubles (NaN: NULL, the model is not asked), what is needed
 * later as bytes' places, doubles or values. The function that goes on with them is written after this one.
 */
export function emitWaiting(step: StepOf<'Predict'>, cx: FunctionContext, task: TaskContext): void {
  const { module, out } = cx
  const plan = planColumns(step, cx)
  const waiting = declareWaiting(step.calls[0]!.model.name, plan.counts, module)
  out.comment(`${placeText(step.span)} predict: the row waits for its batch`)
  const computed = step.calls.map(call => computeArguments(call, cx))
  // A name of its own: the row may have waited before, as row `w` of another model, and may wait for several.
  const waiter = cx.scope.name('row')
  out.line(js`const ${waiter} = ${waiting}.add(i)`)
  computed
    .flatMap(({ codes }) => codes)
    .forEach((code, k) => out.line(js`${waiting}.doubles[${k}]![${waiter}] = ${code}`))
  for (const keep of plan.keeps) {
    for (const line of keep.store(waiting, waiter)) out.line(line)
  }
  step.calls.forEach(({ span }, k) => {
    const [first, ...rest] = computed[k]!.notNumbers
    if (first === undefined) return
    const refuse = js`${module.use('refuseNaN')}(${waiting}, ${waiter}, batch, ${module.site(span)})`
    out.if(
      rest.reduce((all, test) => js`${all} || ${test}`, first),
      () => out.line(refuse)
    )
  })
  const resume = module.scope.name(`after ${step.calls[0]!.model.name}`)
  task.resumes.push(js`await ${resume}(batch)`)
  task.later.push(() =>
    out.at(placeOf(step.span), () => emitResume(step, plan, waiting, resume, cx, task))
  )
}

interface Arguments {
  /** One per argument; NaN where it is NULL, or where the call is not needed: then it must not be computed either. */
  readonly codes: readonly Code[]
  /** Holds where one is NaN itself, which is not NULL. */
  readonly notNumbers: readonly Code[]
}

/** All are computed when this returns: one that fails must not leave half a row behind. */
function computeArguments({ args, when }: PredictCall, cx: FunctionContext): Arguments {
  if (when === null) {
    const doubles = args.map(arg => asDouble(arg, cx))
    return {
      codes: doubles.map(({ code }) => code),
      notNumbers: doubles.flatMap(({ isNaN }) => isNaN ?? [])
    }
  }
  const names = args.map(() => cx.scope.name('argument'))
  for (const name of names) cx.out.line(js`let ${name} = NaN`)
  const refused = args.some(({ type }) => type.kind === 'Double') ? cx.scope.name('refused') : null
  if (refused !== null) cx.out.line(js`let ${refused} = false`)
  let isRefused = false
  cx.out.if(emitTest(when, cx), () => {
    args.forEach((arg, k) => {
      const { code, isNaN } = asDouble(arg, cx)
      cx.out.line(js`${names[k]!} = ${code}`)
      if (isNaN !== null) cx.out.line(js`if (${isNaN}) ${refused!} = true`)
      isRefused ||= isNaN !== null
    })
  })
  return { codes: names, notNumbers: isRefused ? [refused!] : [] }
}

/** An argument as a double, NULL as NaN; `isNaN` holds where a value that is not NULL is NaN, null where none can be. */
function asDouble(
  arg: Expr,
  cx: FunctionContext
): { readonly code: Code; readonly isNaN: Code | null } {
  if (arg.kind === 'Literal' && arg.value === null) return { code: js`NaN`, isNaN: null }
  const value = emitExpr(arg, cx)
  const kind = arg.type.kind
  const mayBeNaN = kind === 'Double' && arg.kind !== 'Literal' && value.nulls !== 'nan'
  const named = value.simple && kind !== 'Boolean' ? value : bind(value, cx, 'argument')
  const code = convertToDouble(named.code, kind, cx)
  if (value.nulls !== 'null') {
    return { code, isNaN: mayBeNaN && value.finite !== true ? js`${code} !== ${code}` : null }
  }
  return {
    code: js`${named.code} === null ? NaN : ${code}`,
    isNaN: mayBeNaN ? js`${code} !== ${code}` : null
  }
}

function convertToDouble(
  code: Code,
  kind: Expr['type']['kind'],
  { module }: FunctionContext
): Code {
  switch (kind) {
    case 'Boolean':
      return js`${code} ? 1 : 0`
    case 'BigInt':
      return js`Number(${code})`
    case 'Decimal':
      return js`${module.use('decimalToDouble')}(${code})`
    default:
      return code
  }
}

interface WaitingPlan {
  readonly counts: Readonly<WaitingCounts>
  readonly keeps: readonly Kept[]
  /** Index in `doubles` of each call's first argument, and of its answer's first number. */
  readonly calls: readonly { readonly first: number; readonly answer: number }[]
}

function planColumns(step: StepOf<'Predict'>, cx: FunctionContext): WaitingPlan {
  let doubles = 0
  const firsts = step.calls.map(call => {
    const first = doubles
    doubles += call.args.length
    return first
  })
  const calls = firsts.map((first, k) => {
    const answer = doubles
    doubles += answerWidth(step.calls[k]!.model)
    return { first, answer }
  })
  const counts = { doubles, ranges: 0, values: 0 }
  const keeps = step.keeps.map(index =>
    keepColumn(index, cx.row[index]!, step.schema.columns[index]!, counts, cx)
  )
  return { counts, keeps, calls }
}

/** `async function afterModel(batch)`: asks the models, then goes on with each row that has its answers. */
function emitResume(
  step: StepOf<'Predict'>,
  plan: WaitingPlan,
  waiting: Code,
  resume: Code,
  outer: FunctionContext,
  task: TaskContext
): void {
  const { module } = outer
  const { body } = module
  const scope = loopScope(module)
  const inner = { ...task, resumes: [] as Code[] }
  body.comment(
    `Goes on with the rows that waited for ${step.calls.map(call => call.model.name).join(', ')}.`
  )
  body.block(js`async function ${resume}(batch: Batch): Promise<void>`, () => {
    module.work(workKey(step), body)
    step.calls.forEach((call, k) =>
      body.line(askModel(call, plan.calls[k]!, waiting, task, outer), placeOf(call.span))
    )
    body.block(js`for (let w = 0; w < ${waiting}.count; w++)`, () => {
      module.work(workKey(step), body)
      body.line(js`if (${waiting}.failed[w] === 1) continue`)
      body.line(js`const i = ${waiting}.record[w]!`)
      const cx: FunctionContext = { module, out: body, scope, row: [] }
      const row = loadRow(step, plan, waiting, cx)
      lookAtAnswers(step, row, cx)
      const steps = (): void => emitSteps(step.steps, { ...cx, row }, inner)
      if (step.steps.length === 1 && mayReject(step.steps[0]!)) emitGuarded(cx, steps)
      else steps()
    })
    body.line(js`${waiting}.clear()`)
    for (const next of inner.resumes) body.line(next)
  })
  body.blank()
}

function askModel(
  { model, args, span }: PredictCall,
  { first, answer }: { readonly first: number; readonly answer: number },
  waiting: Code,
  task: TaskContext,
  { module }: FunctionContext
): Code {
  const ask = module.use('askModel')
  return js`await ${ask}(${task.model(model.name)}, ${waiting}, ${first}, ${args.length}, ${answer}, batch, ${module.site(span)})`
}

/** Columns that nobody reads any more are not there. */
function lookAtAnswers(
  { schema, span }: StepOf<'Predict'>,
  row: readonly Value[],
  { module, out }: FunctionContext
): void {
  const kept = [...row.keys()].filter(index => row[index]!.code.text !== 'null')
  const columns = kept.map(index => schema.columns[index]!)
  const list = listOf(kept.map(index => row[index]!))
  module.look(operatorKey('Predict', span), { columns }, list, out)
}

/** The row behind the Predict: kept columns under their old indexes, then the answers. */
function loadRow(
  step: StepOf<'Predict'>,
  plan: WaitingPlan,
  waiting: Code,
  cx: FunctionContext
): Value[] {
  const { columns } = step.schema
  const row = loadColumns(plan.keeps, columns, waiting, cx)
  const width = columns.length - step.calls.length
  plan.calls.forEach(({ answer }, k) => {
    const column = columns[width + k]!
    const value = loadAnswer(answer, answerWidth(step.calls[k]!.model), column, waiting, cx)
    row[width + k] = bind(value, cx, column.name)
  })
  return row
}

/** A number, or an array of all that the model answered. */
function loadAnswer(
  answer: number,
  width: number,
  { nullable }: Column,
  waiting: Code,
  { module }: FunctionContext
): Value {
  if (width === 1) {
    const code = js`${waiting}.doubles[${answer}]![w]!`
    return { code, nulls: nullable ? 'nan' : 'never', simple: false }
  }
  const code = js`${module.use('answerOf')}(${waiting}, ${answer}, ${width}, w)`
  return nullable
    ? { code, nulls: 'null', simple: false }
    : { code: js`${code}!`, nulls: 'never', simple: false }
}
