import { signatureOf } from '../functions/index.ts'
import {
  argumentsOfAggregate,
  type Expr,
  someExpr,
  type Step,
  type StepKind,
  type StepOf
} from '../ir/index.ts'
import { castCanFail } from '../types/index.ts'

/** Whether a step or one behind it, in the same loop, may throw for a row. */
export function mayReject(step: Step): boolean {
  const rejects = rejecting[step.kind] as (one: Step) => boolean
  return rejects(step)
}

const rejecting: { readonly [K in StepKind]: (step: StepOf<K>) => boolean } = {
  Filter: ({ predicate, steps }) => canThrow(predicate) || steps.some(mayReject),
  Project: ({ exprs, steps }) => exprs.some(canThrow) || steps.some(mayReject),
  // A row may have no time, or be late: those are told without a throw.
  TopN: () => false,
  Over: () => false,
  // The windows of a time may be out of range.
  InTime: ({ slices, steps }) => slices !== null || steps.some(mayReject),
  Watermark: ({ steps }) => steps.some(mayReject),
  // What is counted in slices has a guard of its own: it fails once per window.
  Aggregate: ({ keys, aggregates, slices }) =>
    slices === null && [...keys, ...aggregates.flatMap(argumentsOfAggregate)].some(canThrow),
  Predict: ({ calls }) =>
    calls.some(({ args, when }) => args.some(canThrow) || (when !== null && canThrow(when))),
  // What follows an element is guarded inside of the loop.
  Unnest: ({ unnest: { array } }) => isArrayFallible(array),
  // A key may be NULL, and what follows the change may fail.
  Lookup: () => true,
  Store: () => true,
  // A key may fail; a row that is late is told without a throw.
  Join: () => true,
  Write: () => false
}

/** Whether an array may have no elements for a row because something is wrong: JSON may be anything. */
export function isArrayFallible(array: Expr): boolean {
  return array.type.kind === 'Json' || canThrow(array)
}

/** Whether evaluating an expression may fail for a row. */
export function canThrow(root: Expr): boolean {
  return someExpr(root, expr => {
    if (expr.kind === 'Call') return signatureOf(expr).canFail
    return expr.kind === 'Cast' && !expr.safe && castCanFail(expr.arg.type, expr.type)
  })
}
