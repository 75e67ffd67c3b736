import { js, type Code } from '../code/index.ts'
import type { TimeColumn } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { emitLateTest } from './emit-count.ts'
import type { FunctionContext } from './function-context.ts'
import { placeOf } from './module.ts'
import { nullTest, type Value } from './value.ts'

interface Timed {
  /** The row's time, with a name. */
  readonly time: Value
  readonly window: Pick<TimeColumn, 'clock' | 'lag' | 'unit'>
  readonly state: Code
  readonly span: Span
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
    const late = emitLateTest(time, window, js`${state}.closed`, cx)
    out.if(late, () => reject('lateRow'), goOn)
  }
  const isNull = nullTest(time)
  if (isNull === null) inTime()
  else out.if(isNull, () => reject('noEventTime'), inTime)
}
