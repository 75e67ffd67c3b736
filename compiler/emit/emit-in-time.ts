import { js, type Code } from '../code/index.ts'
import type { StepOf, TimeColumn } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { emitLateTest } from './emit-count.ts'
import { emitExpr } from './emit-expr.ts'
import { emitSentInTime } from './emit-slices.ts'
import { emitSteps } from './emit-step.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { placeOf } from './module.ts'
import type { TaskContext } from './task-context.ts'
import { nullTest, simpleValue, type Value } from './value.ts'

interface Timed {
  /** The row's time, with a name. */
  readonly time: Value
  readonly window: Pick<TimeColumn, 'clock' | 'lag' | 'unit'>
  /** What closes; null: it is in another fragment, and only the source's own time is known. */
  readonly state: Code | null
  readonly span: Span
}

/** A row that is late for a stage of another fragment, as far as the watermark of its partition tells, is rejected. */
export function emitInTimeStep(
  step: StepOf<'InTime'>,
  cx: FunctionContext,
  task: TaskContext
): void {
  const { time, window, needsTime, slices, mark, steps, span } = step
  const { out, module } = cx
  if (slices !== null) {
    return emitSentInTime(step, slices, cx, sent => emitSteps(steps, sent, task))
  }
  if (mark !== null) return emitSteps(steps, withMark(cx), task)
  const value = bindSimple(emitExpr(time, cx), cx, 'time')
  const goOn = (): void => emitSteps(steps, cx, task)
  if (needsTime) return emitInTime({ time: value, window, state: null, span }, cx, goOn)
  const late = emitLateTest(value, window, null, cx)
  if (late === null) return goOn()
  const error = js`${module.use('lateRow')}(${module.site(span)})`
  out.if(late, () => out.line(js`batch.reject(i, ${error})`, placeOf(span)), goOn)
}

/** With a column more, that has the watermark of the partition of the row's record. */
function withMark(cx: FunctionContext): FunctionContext {
  const { out, row, scope, watermark } = cx
  const name = scope.name('mark')
  const mark =
    watermark === undefined ? js`null` : js`${watermark} === -Infinity ? null : ${watermark}`
  out.line(js`const ${name} = ${mark}`)
  return { ...cx, row: [...row, simpleValue(name, 'null')] }
}

/** A row without a time is rejected, and so is one whose window may be complete. */
export function emitInTime(
  { time, window, state, span }: Timed,
  cx: FunctionContext,
  goOn: () => void
): void {
  const { out, module } = cx
  const site = module.site(span)
  const reject = (error: 'lateRow' | 'noEventTime'): void =>
    out.line(js`batch.reject(i, ${module.use(error)}(${site}))`, placeOf(span))
  const inTime = (): void => {
    const closed = state === null ? null : js`${state}.closed`
    const late = emitLateTest(time, window, closed, cx)
    if (late === null) goOn()
    else out.if(late, () => reject('lateRow'), goOn)
  }
  const isNull = nullTest(time)
  if (isNull === null) inTime()
  else out.if(isNull, () => reject('noEventTime'), inTime)
}
