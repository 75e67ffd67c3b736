import type { StepOf } from '../ir/index.ts'
import { emitCount, emitKeys } from './emit-count.ts'
import { emitInTime } from './emit-in-time.ts'
import { emitSessionCount, emitSessionKeys } from './emit-session.ts'
import { emitSlicedCount } from './emit-slices.ts'
import type { FunctionContext } from './function-context.ts'
import { placeText, shortText } from './module.ts'
import type { SharedNames } from './task-context.ts'

/** Counts the row into its group, unless its window has closed. */
export function emitAggregate(
  step: StepOf<'Aggregate'>,
  cx: FunctionContext,
  task: SharedNames
): void {
  const { keys: exprs, window, session, slices, span } = step
  const names = task.groups(step.stage)
  cx.out.comment(titleOf(step))
  if (slices !== null) return emitSlicedCount(step, slices, names, cx)
  if (session !== null) {
    const keys = emitSessionKeys(step, session, cx)
    const count = (): void => emitSessionCount(step, session, keys, names, cx)
    emitInTime({ window: window!, span, time: keys.time, state: names.state }, cx, count)
    return
  }
  const keys = emitKeys(exprs, cx)
  const count = (): void => emitCount(step, names, keys, 'add', cx)
  if (window === null) count()
  else emitInTime({ window, span, time: keys[window.key]!, state: names.state }, cx, count)
}

/** What a comment says of it. */
export function titleOf({ keys, slices, span }: StepOf<'Aggregate'>): string {
  const texts = keys.map(key => shortText(key.span, 40)).join(', ')
  return `${placeText(span)} ${keys.length === 0 ? 'all rows' : `GROUP BY ${texts}`}${slices === null ? '' : ', in slices'}`
}
