import { js, type Code } from '../code/index.ts'
import type { Stage, TimeColumn } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { emitGuarded, emitSteps } from './emit-step.ts'
import type { FunctionContext } from './function-context.ts'
import { loopScope } from './loop-scope.ts'
import { type Module, placeOf } from './module.ts'
import type { StageNames } from './stage-names.ts'
import type { SharedNames } from './task-context.ts'
import { nullTest, rowValues, type Value } from './value.ts'

/** The watermark at which a window is complete. */
export function closing(
  value: Code,
  { lag, unit }: Pick<TimeColumn, 'lag' | 'unit'>,
  { module }: Pick<FunctionContext, 'module'>
): Code {
  const ms = unit === 'ms' ? value : js`${module.use('epochToMs')}(${value})`
  return js`${ms} + ${lag}`
}

/** `closesAt` of a stage's definition, over a window as it is kept. */
export function closesAt(
  window: Pick<TimeColumn, 'lag' | 'unit'> | null,
  emission: Stage['emission'],
  module: Module
): Code {
  if (window === null || emission === 'changes') return js`() => Infinity`
  const time = js`(window as ${window.unit === 'epoch' ? js`number | bigint` : js`number`})`
  return js`window => ${closing(time, window, { module })}`
}

interface Timed {
  /** The row's window, with a name. */
  readonly value: Value
  readonly window: Pick<TimeColumn, 'lag' | 'unit'>
  readonly state: Code
  readonly span: Span
}

/** Goes on with the row unless its window has closed, or it is in none. */
export function emitInTime(
  { value, window, state, span }: Timed,
  cx: FunctionContext,
  goOn: () => void
): void {
  const { out, module } = cx
  const site = module.site(span)
  const reject = (error: 'lateRow' | 'noEventTime'): void =>
    out.line(js`batch.reject(i, ${module.use(error)}(${site}))`, placeOf(span))
  const inTime = (): void => {
    const end = cx.scope.name('complete')
    out.line(js`const ${end} = ${closing(value.code, window, cx)}`)
    const byTime = cx.watermark === undefined ? null : js`${end} <= ${cx.watermark} || `
    const late = js`${byTime ?? js``}${end} <= ${state}.closed`
    out.if(late, () => reject('lateRow'), goOn)
  }
  const isNull = nullTest(value)
  if (isNull === null) inTime()
  else out.if(isNull, () => reject('noEventTime'), inTime)
}

/** What `close` of a stage's state gives, and how it becomes a row. */
interface Closed {
  /** A comment. */
  readonly title: string
  readonly item: Code
  /** What is told with what its row fails with: the row comes from no record. */
  readonly told: Code
  /** The row, computed where that may fail; null: `item` is it. */
  readonly row: Code | null
}

/** `tellX(watermark)`: the rows of each window that is complete, and what follows them. */
export function emitClosing(
  { stage, state, tell, rows }: StageNames,
  { title, item, told, row }: Closed,
  module: Module,
  shared: SharedNames
): void {
  const { body } = module
  body.comment(title)
  body.block(js`function ${tell}(watermark: number): void`, () => {
    const scope = loopScope(module)
    for (const name of ['watermark', item.text, 'row']) scope.exact(name)
    body.block(js`for (const ${item} of ${state}.close(watermark))`, () => {
      body.line(js`const batch = ${rows}`)
      body.line(js`const i = 0`)
      body.line(js`batch.row = ${told}`)
      const all = rowValues(stage.schema, js`row`)
      const read = stage.columns.map(index => all[index]!)
      const cx = { module, out: body, scope, row: read }
      emitGuarded(cx, () => {
        if (row !== null) {
          body.line(js`const row = ${row}`)
          body.line(js`batch.row = row`)
        }
        emitSteps(stage.steps, cx, { ...shared, resumes: [], later: [] })
      })
    })
  })
}
