import { js, type Code } from '../code/index.ts'
import { exprCanFail } from '../functions/index.ts'
import { operatorKey, type Step, type StepOf, workKey } from '../ir/index.ts'
import type { RowType } from '../types/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitTest } from './emit-test.ts'
import { emitElements } from './emit-unnest.ts'
import { bind, functionContext, type FunctionContext } from './function-context.ts'
import { isArrayFallible } from './may-reject.ts'
import { type Module, placeText, shortText } from './module.ts'
import { listOf, rowValues, type Value, withNull } from './value.ts'

/**
 * What is made of one row, as a function of it: of a chain of filters and projections the row that they leave, or null; of an
 * UNNEST all rows that it makes.
 */
export interface View {
  readonly rowOf: Code
  readonly gives: 'one' | 'many'
  readonly fails: boolean
  /** What its filters are counted by: a change passes all of them, or none. */
  readonly counted: readonly string[]
  readonly schema: RowType
  readonly steps: readonly Step[]
}

/** The rows that steps start from. */
export interface ViewInput {
  readonly type: Code
  readonly schema: RowType
  readonly of: (row: Code) => readonly Value[]
}

/** Writes the functions of the views in a tree of steps. */
export function emitViews(
  step: Step,
  input: ViewInput,
  views: Map<Step, View>,
  module: Module
): void {
  if (step.kind === 'Filter' || step.kind === 'Project') emitChain(step, input, views, module)
  else if (step.kind === 'Unnest') emitElementView(step, input, views, module)
}

function emitChain(
  step: StepOf<'Filter' | 'Project'>,
  input: ViewInput,
  views: Map<Step, View>,
  module: Module
): void {
  const { body } = module
  const rowOf = module.scope.name('view')
  let end!: ViewEnd
  body.block(js`function ${rowOf}(row: ${input.type})`, () => {
    end = emitView(step, input.schema, functionContext(input.of(js`row`), module))
  })
  const { schema, step: last } = end
  const counted = filtersOf(step).map(({ span }) => operatorKey('Filter', span))
  const { steps } = last
  const view = { rowOf, gives: 'one', fails: chainFails(step), counted, schema, steps } as const
  views.set(step, view)
  emitBehind(view, js`NonNullable<ReturnType<typeof ${rowOf}>>`, views, module)
}

/** The rows that an UNNEST makes of one. */
function emitElementView(
  step: StepOf<'Unnest'>,
  input: ViewInput,
  views: Map<Step, View>,
  module: Module
): void {
  const { body, scope } = module
  const { schema, steps, span, unnest } = step
  const rowOf = scope.name('elements')
  body.block(js`function ${rowOf}(row: ${input.type})`, () => {
    module.work(workKey(step), body)
    emitElements(step, functionContext(input.of(js`row`), module))
  })
  const counted = [operatorKey('Unnest', span)]
  const fails = isArrayFallible(unnest.array)
  const view = { rowOf, gives: 'many', fails, counted, schema, steps } as const
  views.set(step, view)
  emitBehind(view, js`ReturnType<typeof ${rowOf}>[number]`, views, module)
}

function emitBehind(
  { schema, steps }: View,
  type: Code,
  views: Map<Step, View>,
  module: Module
): void {
  const next = { type, schema, of: (row: Code) => rowValues(schema, row) }
  for (const behind of steps) emitViews(behind, next, views, module)
}

/** The last step of a chain, and the columns behind it. */
interface ViewEnd {
  readonly step: StepOf<'Filter' | 'Project'>
  readonly schema: RowType
}

/** The body of a view's function. */
function emitView(
  step: StepOf<'Filter' | 'Project'>,
  input: RowType,
  cx: FunctionContext
): ViewEnd {
  const { out } = cx
  cx.module.work(workKey(step), out)
  const schema = step.kind === 'Filter' ? input : step.schema
  let row = cx.row
  if (step.kind === 'Filter') {
    out.comment(`${placeText(step.span)} WHERE ${shortText(step.span, 60)}`)
    out.line(js`if (!(${emitTest(step.predicate, cx)})) return null`)
    cx.module.look(operatorKey('Filter', step.span), schema, listOf(row), out)
  } else {
    row = step.exprs.map((expr, i) => {
      const value = emitExpr(expr, cx)
      return value.simple ? value : bind(value, cx, step.schema.columns[i]!.name)
    })
    cx.module.look(operatorKey('Project', step.span), schema, listOf(row), out)
  }
  const [next, ...others] = step.steps
  if (others.length === 0 && (next?.kind === 'Filter' || next?.kind === 'Project')) {
    return emitView(next, schema, { ...cx, row })
  }
  out.line(js`return [${row.map(withNull)}] as const`)
  return { step, schema }
}

function filtersOf(step: StepOf<'Filter' | 'Project'>): StepOf<'Filter'>[] {
  const [next, ...others] = step.steps
  const goesOn = others.length === 0 && (next?.kind === 'Filter' || next?.kind === 'Project')
  return [...(step.kind === 'Filter' ? [step] : []), ...(goesOn ? filtersOf(next) : [])]
}

function chainFails(step: StepOf<'Filter' | 'Project'>): boolean {
  const own = step.kind === 'Filter' ? exprCanFail(step.predicate) : step.exprs.some(exprCanFail)
  const [next, ...others] = step.steps
  const goesOn = others.length === 0 && (next?.kind === 'Filter' || next?.kind === 'Project')
  return own || (goesOn && chainFails(next))
}
