import { js } from '../code/index.ts'
import type { StepOf } from '../ir/index.ts'
import { emitCount, emitKeys, emitLateTest } from './emit-count.ts'
import { emitSessionCount, emitSessionKeys } from './emit-session.ts'
import type { FunctionContext } from './function-context.ts'
import type { GroupNames } from './group-names.ts'
import { placeOf, placeText, shortText } from './module.ts'
import type { SharedNames } from './task-context.ts'
import { nullTest, type Value } from './value.ts'

/** Counts the row into its group, unless its window has closed. */
export function emitAggregate(
  step: StepOf<'Aggregate'>,
  cx: FunctionContext,
  task: SharedNames
): void {
  const { keys: exprs, window, session } = step
  const names = task.groups(step.stage)
  cx.out.comment(titleOf(step))
  if (session !== null) {
    const keys = emitSessionKeys(step, session, cx)
    const count = (): void => emitSessionCount(step, session, keys, names, cx)
    emitInTime(step, keys.time, names, cx, count)
    return
  }
  const keys = emitKeys(exprs, cx)
  const count = (): void => emitCount(step, names, keys, 'add', cx)
  if (window === null) count()
  else emitInTime(step, keys[window.key]!, names, cx, count)
}

/** A row without a time is rejected, and so is one whose window may be complete. */
function emitInTime(
  { window, span }: StepOf<'Aggregate'>,
  time: Value,
  names: GroupNames,
  cx: FunctionContext,
  count: () => void
): void {
  const { out, module } = cx
  const site = module.site(span)
  const reject = (error: 'lateRow' | 'noEventTime'): void =>
    out.line(js`batch.reject(i, ${module.use(error)}(${site}))`, placeOf(span))
  const inTime = (): void => {
    if (window === null) return count()
    const late = emitLateTest(time, window, js`${names.state}.closed`, cx)
    out.if(late, () => reject('lateRow'), count)
  }
  const isNull = nullTest(time)
  if (isNull === null) inTime()
  else out.if(isNull, () => reject('noEventTime'), inTime)
}

/** What a comment says of it. */
export function titleOf({ keys, span }: StepOf<'Aggregate'>): string {
  const texts = keys.map(key => shortText(key.span, 40)).join(', ')
  return `${placeText(span)} ${keys.length === 0 ? 'all rows' : `GROUP BY ${texts}`}`
}
