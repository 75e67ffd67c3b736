import { signatureOf } from '../functions/index.ts'
import { argumentsOfAggregate, type Expr, someExpr, type Step } from '../ir/index.ts'
import { castCanFail } from '../types/index.ts'

/** Whether a step or one behind it, in the same loop, may throw for a row. */
export function mayReject(step: Step): boolean {
  switch (step.kind) {
    case 'Filter':
      return canThrow(step.predicate) || step.steps.some(mayReject)
    case 'Project':
      return step.exprs.some(canThrow) || step.steps.some(mayReject)
    // A row may have no time, or be late: those are told without a throw.
    case 'TopN':
      return false
    case 'Watermark':
      return step.steps.some(mayReject)
    case 'Aggregate':
      return [...step.keys, ...step.aggregates.flatMap(argumentsOfAggregate)].some(canThrow)
    case 'Predict':
      return step.calls.some(
        ({ args, when }) => args.some(canThrow) || (when !== null && canThrow(when))
      )
    // What follows an element is guarded inside of the loop.
    case 'Unnest': {
      const { array } = step.unnest
      return array.type.kind === 'Json' || canThrow(array)
    }
    // A key may be NULL, and what follows the change may fail.
    case 'Lookup':
    case 'Store':
      return true
    // A key may fail; a row that is late is told without a throw.
    case 'Join':
      return true
    case 'Write':
      return false
  }
}

/** Whether evaluating an expression may fail for a row. */
export function canThrow(root: Expr): boolean {
  return someExpr(root, expr => {
    if (expr.kind === 'Call') return signatureOf(expr).canFail
    return expr.kind === 'Cast' && !expr.safe && castCanFail(expr.arg.type, expr.type)
  })
}
