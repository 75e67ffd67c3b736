import { js, type Code } from '../code/index.ts'
import type { StepOf } from '../ir/index.ts'
import { emitSteps } from './emit-step.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { placeText } from './module.ts'
import type { TaskContext } from './task-context.ts'
import { nullTest, type Value } from './value.ts'

/** Tells the source's clock the time of the row; one that is too far in the future is rejected. */
export function emitWatermark(
  { source, watermark, schema, steps, span }: StepOf<'Watermark'>,
  cx: FunctionContext,
  task: TaskContext
): void {
  const { out, module, scope } = cx
  const { type, name } = schema.columns[watermark.column]!
  const clock = task.clock(source.name)
  const value = bindSimple(cx.row[watermark.column]!, cx, name)
  const time = type.kind === 'BigInt' ? epochTime(value, cx) : timeOf(value)
  out.comment(`${placeText(span)} WATERMARK FOR ${name}`)
  const mark = scope.name('watermark')
  const goOn = (): void => {
    out.line(js`const ${mark} = ${clock}.observe(batch.partition[i]!, ${time})`)
    emitSteps(steps, { ...cx, watermark: mark, clock }, task)
  }
  if (watermark.maxFutureSkew === null) return goOn()
  const error = js`${module.use('tooFarInFuture')}(${module.site(span)})`
  out.if(js`${clock}.isTooFar(${time})`, () => out.line(js`batch.reject(i, ${error})`), goOn)
}

/** In ms; NaN, which moves nothing, where there is none. */
function timeOf(value: Value): Code {
  const isNull = value.nulls === 'null' ? nullTest(value) : null
  return isNull === null ? value.code : js`${isNull} ? NaN : ${value.code}`
}

function epochTime(value: Value, { module, out, scope }: FunctionContext): Code {
  const name = scope.name('time')
  const isNull = nullTest(value)
  const ms = js`${module.use('epochToMs')}(${value.code})`
  out.line(
    isNull === null ? js`const ${name} = ${ms}` : js`const ${name} = ${isNull} ? NaN : ${ms}`
  )
  return name
}
