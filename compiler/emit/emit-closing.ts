import { js, type Code } from '../code/index.ts'
import { stateKey, type TimeColumn } from '../ir/index.ts'
import { closing } from './emit-count.ts'
import { emitGuarded, emitSteps } from './emit-step.ts'
import { loopScope } from './loop-scope.ts'
import type { Module } from './module.ts'
import type { ToldNames } from './stage-names.ts'
import type { SharedNames } from './task-context.ts'
import { rowValues } from './value.ts'

/** `closesAt` of a stage's definition, over a window as it is kept. */
export function closesAt(window: Pick<TimeColumn, 'lag' | 'unit'> | null, module: Module): Code {
  if (window === null) return js`() => Infinity`
  const time = js`(window as ${window.unit === 'epoch' ? js`number | bigint` : js`number`})`
  return js`window => ${closing(time, window, { module })}`
}

/** What `close` of a stage's state gives, and how it becomes a row. */
interface Closed {
  /** A comment. */
  readonly title: string
  readonly item: Code
  /** What is told with what its row fails with: the row comes from no record. */
  readonly told: Code
  /** The row, made where that may fail. */
  readonly row: Code
  /** Whether what nothing came into for a while ends. */
  readonly endsIdle: boolean
  /** Whether `close` says itself when others may get a turn, by null: what it tells costs it more than to tell it. */
  readonly givesTurns: boolean
}

/** What stands first in a loop that tells rows: now and then others get a turn. */
export function giveWay(told: Code, module: Module): Code {
  return js`if (++${told} % ${module.use('TOLD_AT_ONCE')} === 0) yield`
}

/** Tells what has become of a row that was `told` and is `now`, unless it is the same. */
export function tellChange(changed: Code, module: Module): Code {
  const same = js`${module.use('sameRow')}(told, now)`
  return js`if (!${same}) ${changed}(told === null ? 'c' : now === null ? 'd' : 'u', told, now)`
}

/** `tellX(watermark)`: the rows of each window that is complete, and what follows them. */
export function emitClosing(
  { stage, state, tell, rows }: ToldNames,
  { title, item, told, row, endsIdle, givesTurns }: Closed,
  module: Module,
  shared: SharedNames
): void {
  const { body } = module
  const times = endsIdle ? [js`watermark`, js`elapsed`] : [js`watermark`]
  const parameters = times.map(time => js`${time}: number`)
  body.comment(title)
  body.block(js`function* ${tell}(${parameters}): Generator<void>`, () => {
    const scope = loopScope(module)
    for (const name of [...times.map(({ text }) => text), item.text, 'row', 'told']) {
      scope.exact(name)
    }
    if (!givesTurns) body.line(js`let told = 0`)
    module.work(stateKey(stage.name), body)
    body.block(js`for (const ${item} of ${state}.close(${times}))`, () => {
      if (givesTurns) {
        body.block(js`if (${item} === null)`, () => {
          body.line(js`yield`)
          body.line(js`continue`)
        })
      } else body.line(giveWay(js`told`, module))
      body.line(js`const batch = ${rows}`)
      body.line(js`const i = 0`)
      body.line(js`batch.row = ${told}`)
      const all = rowValues(stage.schema, js`row`)
      const read = stage.columns.map(index => all[index]!)
      const cx = { module, out: body, scope, row: read }
      emitGuarded(cx, () => {
        body.line(js`const row = ${row}`)
        body.line(js`batch.row = row`)
        module.count(stateKey(stage.name), body)
        module.look(stateKey(stage.name), stage.schema, js`row`, body)
        emitSteps(stage.steps, cx, { ...shared, resumes: [], later: [] })
      })
      module.backTo(stateKey(stage.name), body)
    })
  })
}
