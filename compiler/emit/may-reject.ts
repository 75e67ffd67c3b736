import { exprCanFail } from '../functions/index.ts'
import {
  argumentsOfAggregate,
  type Expr,
  type Step,
  type StepKind,
  type StepOf
} from '../ir/index.ts'

/** Whether a step or one behind it, in the same loop, may throw for a row. */
export function mayReject(step: Step): boolean {
  const rejects = rejecting[step.kind] as (one: Step) => boolean
  return rejects(step)
}

const rejecting: { readonly [K in StepKind]: (step: StepOf<K>) => boolean } = {
  Filter: ({ predicate, steps }) => exprCanFail(predicate) || steps.some(mayReject),
  Project: ({ exprs, steps }) => exprs.some(exprCanFail) || steps.some(mayReject),
  // What it counts has been computed before.
  Combine: () => false,
  // A row may have no time, or be late: those are told without a throw.
  TopN: () => false,
  Over: () => false,
  // The windows of a time may be out of range.
  InTime: ({ slices, steps }) => slices !== null || steps.some(mayReject),
  Watermark: ({ steps }) => steps.some(mayReject),
  // What is counted in slices has a guard of its own: it fails once per window.
  Aggregate: ({ keys, aggregates, slices }) =>
    slices === null && [...keys, ...aggregates.flatMap(argumentsOfAggregate)].some(exprCanFail),
  Predict: ({ calls }) =>
    calls.some(({ args, when }) => args.some(exprCanFail) || (when !== null && exprCanFail(when))),
  // What follows an element is guarded inside of the loop.
  Unnest: ({ unnest: { array } }) => isArrayFallible(array),
  // Of a query as a value more than one row is a failure.
  Lookup: ({ join, keys, condition, steps }) =>
    join === 'SINGLE' ||
    keys.some(({ left }) => exprCanFail(left)) ||
    (condition !== null && exprCanFail(condition)) ||
    steps.some(mayReject),
  // A key may be NULL, and what follows the change may fail.
  Store: () => true,
  // A key may fail; a row that is late is told without a throw.
  Join: () => true,
  Write: () => false
}

/** Whether an array may have no elements for a row because something is wrong: JSON may be anything. */
export function isArrayFallible(array: Expr): boolean {
  return array.type.kind === 'Json' || exprCanFail(array)
}
