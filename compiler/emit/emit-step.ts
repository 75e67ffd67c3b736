import { js } from '../code/index.ts'
import {
  type Expr,
  isJsonWritten,
  operatorKey,
  type Step,
  type StepKind,
  type StepOf,
  workKey
} from '../ir/index.ts'
import { emitAggregate } from './emit-aggregate.ts'
import { emitCombine } from './emit-combine.ts'
import { emitExpr } from './emit-expr.ts'
import { emitTest } from './emit-test.ts'
import { emitOver } from './emit-over.ts'
import { emitTopN } from './emit-top.ts'
import { emitInTimeStep } from './emit-in-time.ts'
import { emitJoinStep } from './emit-join.ts'
import { emitLookup } from './emit-lookup.ts'
import { emitWaiting } from './emit-predict.ts'
import { emitTry } from './emit-try.ts'
import { emitUnnest } from './emit-unnest.ts'
import { emitWatermark } from './emit-watermark.ts'
import { emitStore } from './emit-store.ts'
import { emitWrite } from './emit-write.ts'
import { encodedText } from './encoded-text.ts'
import { bind, type FunctionContext } from './function-context.ts'
import { placeOf, placeText, shortText } from './module.ts'
import { mayReject } from './may-reject.ts'
import type { TaskContext } from './task-context.ts'
import { listOf, type Value } from './value.ts'

type StepEmitter<K extends StepKind> = (
  step: StepOf<K>,
  cx: FunctionContext,
  task: TaskContext
) => void

const emitters: { readonly [K in StepKind]: StepEmitter<K> } = {
  Watermark: emitWatermark,
  Aggregate: emitAggregate,
  Combine: emitCombine,
  TopN: emitTopN,
  Over: emitOver,
  Filter: emitFilter,
  InTime: emitInTimeStep,
  Project: emitProject,
  Predict: emitWaiting,
  Lookup: emitLookup,
  Join: emitJoinStep,
  Unnest: emitUnnest,
  Store: emitStore,
  Write: emitWrite
}

/**
 * Everything that happens to a row from here on. Where several steps read the row, each is on its own: one that fails rejects
 * the record for itself and leaves the others alone.
 */
export function emitSteps(steps: readonly Step[], cx: FunctionContext, task: TaskContext): void {
  for (const step of steps) {
    const emitter = emitters[step.kind] as unknown as StepEmitter<StepKind>
    const emit = (): void =>
      cx.out.at(placeOf(step.span), () => {
        cx.module.work(workKey(step), cx.out)
        emitter(step, cx, task)
      })
    if (steps.length === 1 || !mayReject(step)) emit()
    else emitGuarded(cx, emit)
  }
}

/** Steps inside of a loop over what belongs to one record: where one round fails, the others are made all the same. */
export function emitRound(steps: readonly Step[], cx: FunctionContext, task: TaskContext): void {
  const emit = (): void => emitSteps(steps, cx, task)
  if (steps.length === 1 && mayReject(steps[0]!)) emitGuarded(cx, emit)
  else emit()
}

/** Where a row fails, its record is handed over. */
export function emitGuarded(cx: FunctionContext, body: () => void): void {
  emitTry(cx, body, error => js`batch.reject(i, ${error})`)
}

function emitFilter(
  { predicate, schema, steps, span }: StepOf<'Filter'>,
  cx: FunctionContext,
  task: TaskContext
): void {
  cx.out.comment(`${placeText(span)} WHERE ${shortText(span, 60)}`)
  const test = emitTest(predicate, cx)
  cx.out.block(js`if (${test})`, () => {
    cx.module.count(operatorKey('Filter', span), cx.out)
    cx.module.look(operatorKey('Filter', span), schema, listOf(cx.row), cx.out)
    emitSteps(steps, cx, task)
  })
}

function emitProject(step: StepOf<'Project'>, cx: FunctionContext, task: TaskContext): void {
  const { exprs, schema, steps, span } = step
  if (exprs.some(expr => expr.kind !== 'Column')) cx.out.comment(`${placeText(span)} SELECT`)
  const row = exprs.map((expr, index) => {
    const { name } = schema.columns[index]!
    // What is looked at is a value, and no bytes yet.
    const onlyWritten =
      !cx.module.looks &&
      steps.every(
        next =>
          next.kind === 'Write' &&
          !next.sink.partitionKey.includes(index) &&
          isJsonWritten(next.sink)
      )
    return cx.out.at(placeOf(expr.span), () => emitColumn(expr, name, onlyWritten, cx))
  })
  cx.module.look(operatorKey('Project', span), schema, listOf(row), cx.out)
  emitSteps(steps, { ...cx, row }, task)
}

/** A computed column gets its SQL name, so that it is computed once and before anything is written. */
function emitColumn(expr: Expr, name: string, onlyWritten: boolean, cx: FunctionContext): Value {
  if (expr.kind === 'Column' || expr.kind === 'Literal') return emitExpr(expr, cx)
  const encoded = onlyWritten ? encodedText(expr, name, cx) : null
  if (encoded !== null) return encoded
  return bind(emitExpr(expr, cx), cx, name)
}
