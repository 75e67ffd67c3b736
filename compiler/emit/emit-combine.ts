import { js, type Code } from '../code/index.ts'
import { exchangeKey, type StepOf } from '../ir/index.ts'
import type { CombinerNames } from './combiner-names.ts'
import { emitCounting, emitGroupKey, emitKeys, intoObject } from './emit-count.ts'
import { emitExpr } from './emit-expr.ts'
import { windowsOf } from './emit-slices.ts'
import { emitSteps } from './emit-step.ts'
import type { FunctionContext } from './function-context.ts'
import { loopScope } from './loop-scope.ts'
import { type Module, placeOf, placeText } from './module.ts'
import type { SharedNames, TaskContext } from './task-context.ts'
import { simpleValue, type Value } from './value.ts'

/** The class of the groups that go to an exchange, and what sends them. */
export function emitCombiner(names: CombinerNames, module: Module, shared: SharedNames): void {
  const { combiner, groups, rows, send, sendAll } = names
  const { body } = module
  body.at(placeOf(combiner.span), () => {
    body.comment(`${combiner.name}: what is sent to its tasks. ${placeText(combiner.span)}`)
    emitClass(names, module)
    emitSend(names, module, shared)
    body.comment('Sends all groups. To be called before what they are of is committed.')
    body.block(js`function ${sendAll}(): void`, () => {
      module.work(exchangeKey(combiner.span), body)
      body.line(js`for (const group of ${groups}.take()) ${send}(group, ${rows}, 0)`)
    })
    body.blank()
  })
}

function emitClass({ combiner, group, keys, aggregates }: CombinerNames, module: Module): void {
  const { body } = module
  const typed = combiner.keys.columns.map(({ type, nullable }, i) => {
    return js`${keys[i]!}: ${module.type(type, nullable)}`
  })
  body.block(js`class ${group}`, () => {
    for (const key of typed) body.line(js`readonly ${key}`)
    for (const { accumulator, fields } of aggregates) {
      accumulator.fields.forEach(({ type, start }, i) =>
        body.line(js`${fields[i]!}: ${type} = ${start}`)
      )
    }
    if (keys.length === 0) return
    body.blank()
    body.block(js`constructor(${typed})`, () =>
      keys.forEach(key => body.line(js`this.${key} = ${key}`))
    )
  })
}

/** `sendX(group, batch, i)`: `batch` and `i` say which record it is of, where it is of one. */
function emitSend(names: CombinerNames, module: Module, shared: SharedNames): void {
  const { combiner, group, send, keys, aggregates } = names
  const { body } = module
  const scope = loopScope(module)
  for (const name of ['group', 'partial']) scope.exact(name)
  const saved = aggregates.flatMap(({ accumulator, fields }) =>
    accumulator.fields.map((field, i) => field.save(js`group.${fields[i]!}`))
  )
  body.block(js`function ${send}(group: ${group}, batch: Batch, i: number): void`, () => {
    body.line(js`const partial = ${module.use('savedToText')}([${saved}])`)
    const values = combiner.keys.columns.map(({ nullable }, i) =>
      simpleValue(js`group.${keys[i]!}`, nullable ? 'null' : 'never')
    )
    const row = [...values, simpleValue(js`partial`, 'never')]
    const cx = { module, out: body, scope, row }
    emitSteps(combiner.steps, cx, { ...shared, resumes: [], later: [] })
  })
}

/** Counts the row into its group, or sends it as a group of its own. */
export function emitCombine(step: StepOf<'Combine'>, cx: FunctionContext, task: TaskContext): void {
  const names = task.combiner(step.exchange)
  const { out, scope } = cx
  out.comment(`${placeText(step.span)} ${step.exchange}, put together`)
  const keys = emitKeys(step.keys, cx)
  const count = emitCounting({ ...step, combined: null }, names, cx)
  const group = scope.name('group')
  const into = intoObject(names.aggregates, group, 'add', cx)
  const made = js`new ${names.group}(${keys.map(({ code }) => code)})`
  const test = emitAlone(step, names.groups, cx)
  const send = js`${names.send}(${group}, batch, i)`
  if (test === 'always') {
    out.line(js`const ${group} = ${made}`)
    count(into)
    out.line(send)
    return
  }
  const { window, key } = emitPlace(step, keys, cx)
  const find = js`${names.groups}.find(${window}, ${key})`
  const add = js`${names.groups}.add(${key}, ${made})`
  const alone = scope.name('alone')
  out.line(js`const ${alone} = ${test}`)
  out.line(js`let ${group} = ${alone} ? ${made} : ${find}`)
  out.line(js`if (${group} === undefined) ${group} = ${add}`)
  count(into)
  out.line(js`if (${alone}) ${send}`)
}

/**
 * Whether the row goes alone: it may be late where it is sent to, and has to be told by itself then, or others have no group in common.
 * Of what no source's clock tells the time nobody here knows.
 */
function emitAlone(
  { window, slices }: StepOf<'Combine'>,
  groups: Code,
  cx: FunctionContext
): Code | 'always' {
  const goesAlone = js`${groups}.goesAlone()`
  if (window === null) return goesAlone
  const { clock, module } = cx
  if (clock === undefined) return 'always'
  const wasIdle = js`${goesAlone} || ${clock}.wasIdle(batch.partition[i]!)`
  if (slices === null) return wasIdle
  const time = emitExpr(slices.array.args[2]!, cx).code
  const first = emitExpr(slices.first!, cx).code
  return js`${first} !== ${windowsOf(slices, module)}.firstEnd(${time}) || ${wasIdle}`
}

/** Where the group is: rows of one slice are in the same windows. */
function emitPlace(
  { keys: exprs, window, slices }: StepOf<'Combine'>,
  keys: readonly Value[],
  cx: FunctionContext
): { readonly window: Code; readonly key: Code } {
  const times = slices === null ? [] : [slices.array.args[2]!, slices.first!]
  const isTime = (place: number): boolean =>
    place === window?.key || times.some(time => isSame(time, exprs[place]!))
  const others = [...keys.keys()].filter(place => !isTime(place))
  const key = emitGroupKey(
    others.map(place => keys[place]!),
    others.map(place => exprs[place]!),
    cx
  )
  if (window === null) return { window: js`null`, key }
  if (slices === null) return { window: keys[window.key]!.code, key }
  const time = emitExpr(slices.array.args[2]!, cx).code
  return { window: js`${windowsOf(slices, cx.module)}.sliceEnd(${time})`, key }
}

function isSame(a: StepOf<'Combine'>['keys'][number], b: typeof a): boolean {
  return a.kind === 'Column' && b.kind === 'Column' && a.index === b.index
}
