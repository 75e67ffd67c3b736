import { js, type Code } from '../code/index.ts'
import { type GroupSlices, type StepOf, windowLengths } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { emitCounting, emitGroupKey, emitKeys, intoObject } from './emit-count.ts'
import { emitExpr } from './emit-expr.ts'
import { layoutOf, savedKey, savedParts } from './emit-group-definition.ts'
import { emitNumbers, emitPackedCount, emitPackedMerge } from './emit-packed.ts'
import { emitMerge } from './emit-session.ts'
import { emitTry } from './emit-try.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { type GroupNames, storedKeys } from './group-names.ts'
import { type Module, placeOf } from './module.ts'
import { notNullTest, simpleValue, type Value } from './value.ts'

/** A saved group is a tuple: see SlicedDefinition. */
export function emitSlicedDefinition(names: GroupNames, slices: GroupSlices, module: Module): void {
  const { stage, group, definition } = names
  const { body } = module
  const type = names.packed === null ? js`SlicedDefinition<${group}>` : js`PackedSlicedDefinition`
  module.useType(names.packed === null ? 'SlicedDefinition' : 'PackedSlicedDefinition')
  const stored = storedKeys(stage)
  const values = stored.map((i, place) =>
    simpleValue(savedKey(place + 2, stage.keys[i]!, module), 'null')
  )
  const types = stored.map(i => stage.keys[i]!)
  const key = emitGroupKey(values, types, { module })
  body.block(js`const ${definition}: ${type} =`, () => {
    body.line(js`name: ${stage.name},`)
    body.line(js`layout: ${layoutOf(stage)},`)
    body.line(js`keys: ${stored.length + 2},`)
    body.line(js`columns: [${stage.schema.columns.map(({ name }) => js`${name}`)}],`)
    body.line(js`sources: [${stage.sources.map(name => js`${name}`)}],`)
    body.line(js`windows: ${windowsOf(slices, module)},`)
    body.line(js`lag: ${slices.lag},`)
    if (names.packed === null) emitKept(names, values, module)
    else emitNumbers(names, names.packed, module)
    body.line(stored.length === 0 ? js`keyOf: () => ${key},` : js`keyOf: saved => ${key},`)
    if (names.packed === null) emitMerge(names, module)
    else emitPackedMerge(names, names.packed, module)
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

/** How a group becomes a tuple, and a group again, and how one with its keys is made. */
function emitKept(names: GroupNames, keyValues: readonly Value[], module: Module): void {
  const { stage, group, keys } = names
  const { body } = module
  const parts = savedParts(names, module)
  const stored = storedKeys(stage)
  const all = [
    ...[js`group.end`, js`group.whole`],
    ...stored.map(i => js`group.${keys[i]!}`),
    ...parts.map(part => part.save)
  ]
  body.line(js`save: group => [${all}],`)
  const saved = [js`saved[0] as number`, js`saved[1] as number`, ...keyValues.map(v => v.code)]
  body.nest(
    js`load(saved) {`,
    () => {
      body.line(js`const group = new ${group}(${saved})`)
      parts.forEach(({ target, load }, i) =>
        body.line(js`group.${target} = ${load(js`saved[${stored.length + 2 + i}]`)}`)
      )
      body.line(js`return group`)
    },
    js`},`
  )
  const like = stored.map(i => js`like.${keys[i]!}`)
  const parameters = like.length === 0 ? js`end` : js`(end, like)`
  body.line(js`make: ${parameters} => new ${group}(${[js`end`, js`0`, ...like]}),`)
}

/** What tells the windows of a time. */
export function windowsOf({ array }: GroupSlices, module: Module): Code {
  const { kind, step, size, offset } = windowLengths(array)!
  const make = module.use(kind === 'hop' ? 'hopWindows' : 'cumulateWindows')
  return module.constant('windows', js`${make}(${step}, ${size}, ${offset})`)
}

/**
 * Counts the row into its slice; one that is late for some of its windows into each of the others. What fails does so once for each
 * window that it is not late for, as where windows are counted one by one.
 */
export function emitSlicedCount(
  step: StepOf<'Aggregate'>,
  slices: GroupSlices,
  names: GroupNames,
  cx: FunctionContext
): void {
  const left = cx.scope.name('left')
  cx.out.line(js`let ${left} = 1`)
  const body = (): void => emitInWindows({ ...step, slices, left }, names, cx)
  emitTry(
    cx,
    body,
    error => js`for (const failed = ${error}; ${left} > 0; ${left}--) batch.reject(i, failed)`
  )
}

interface SlicedCount extends StepOf<'Aggregate'> {
  readonly slices: GroupSlices
  /** The variable that says in how many windows the row still is to be counted. */
  readonly left: Code
}

function emitInWindows(step: SlicedCount, names: GroupNames, cx: FunctionContext): void {
  const { out, module } = cx
  const { keys: exprs, slices, left, span } = step
  const time = bindSimple(emitExpr(slices.array.args[2]!, cx), cx, 'time')
  const isThere = notNullTest(time)
  const count = js`${left} = ${emitWindowCount(slices, time.code, module)}`
  out.line(isThere === null ? count : js`if (${isThere}) ${count}`)
  const keys = emitKeys(
    storedKeys(step).map(i => exprs[i]!),
    cx
  )
  const inTime = (): void => emitInTime(step, { time: time.code, keys }, names, cx)
  if (isThere === null) return inTime()
  const error = js`${module.use('noEventTime')}(${module.site(span)})`
  out.if(isThere, inTime, () => out.line(js`batch.reject(i, ${error})`, placeOf(span)))
}

function emitWindowCount(slices: GroupSlices, time: Code, module: Module): Code {
  const shifts = slices.ends.map(({ shift }) => shift)
  const range = [js`${Math.min(0, ...shifts)}`, js`${Math.max(0, ...shifts)}`]
  const site = js`${module.site(slices.array.span)}`
  return js`${module.use('windowsOf')}(${[windowsOf(slices, module), time, ...range, site]})`
}

/** What windows a row is late for. */
interface LateWindows {
  readonly slices: GroupSlices
  readonly time: Code
  /** The watermarks behind which windows are complete. */
  readonly marks: readonly Code[]
  readonly span: Span
}

/** The row is rejected once for each window that it is late for, but for those that it was rejected for where it was sent. */
function emitLate(
  { slices, time, marks, span }: LateWindows,
  cx: FunctionContext
): { readonly after: Code; readonly late: Code } {
  const { out, scope, module } = cx
  const windows = windowsOf(slices, module)
  const after = scope.name('after')
  const late = scope.name('late')
  const mark = marks.length === 1 ? marks[0]! : js`Math.max(${marks})`
  const closed = slices.lag === 0 ? mark : js`${mark} - ${slices.lag}`
  const upTo = (end: Code): Code => js`${module.use('windowsUpTo')}(${[windows, time, end]})`
  const sent = slices.first === null ? null : js`${emitExpr(slices.first, cx).code} - 1`
  out.line(js`const ${after} = ${sent === null ? closed : js`Math.max(${[closed, sent]})`}`)
  out.line(js`const ${late} = ${upTo(after)}`)
  const error = js`${module.use('lateRow')}(${module.site(span)})`
  const told = sent === null ? js`0` : upTo(sent)
  const nth = scope.name('nth')
  const each = js`let ${nth} = ${told}; ${nth} < ${late}; ${nth}++`
  out.line(js`for (${each}) batch.reject(i, ${error})`, placeOf(span))
  return { after, late }
}

/** Where a row is sent to who counts it: `goOn` has the end of the first window that it is not late for behind its columns. */
export function emitSentInTime(
  { time: expr, span }: StepOf<'InTime'>,
  slices: GroupSlices,
  cx: FunctionContext,
  goOn: (cx: FunctionContext) => void
): void {
  const { out, scope, module, watermark } = cx
  const value = bindSimple(emitExpr(expr, cx), cx, 'time')
  const time = value.code
  const inTime = (): void => {
    const firstEnd = js`${windowsOf(slices, module)}.firstEnd(${time})`
    const count = emitWindowCount(slices, time, module)
    const send = (first: Code): void => {
      const name = scope.name('first end')
      out.line(js`const ${name} = ${first}`)
      goOn({ ...cx, row: [...cx.row, simpleValue(name, 'never')] })
    }
    if (watermark === undefined) {
      out.line(count)
      return send(firstEnd)
    }
    const all = scope.name('windows')
    out.line(js`const ${all} = ${count}`)
    const { late } = emitLate({ slices, time, marks: [watermark], span }, cx)
    const { step } = windowLengths(slices.array)!
    out.if(js`${late} < ${all}`, () => send(js`${firstEnd} + ${late} * ${step}`))
  }
  const isThere = notNullTest(value)
  if (isThere === null) return inTime()
  const error = js`${module.use('noEventTime')}(${module.site(span)})`
  out.if(isThere, inTime, () => out.line(js`batch.reject(i, ${error})`, placeOf(span)))
}

/** The row is rejected once for each window that it is late for, and goes on where there are others. */
function emitInTime(
  step: SlicedCount,
  { time, keys }: { readonly time: Code; readonly keys: readonly Value[] },
  names: GroupNames,
  cx: FunctionContext
): void {
  const { slices, left, span } = step
  const { out, scope, module, watermark } = cx
  const { state } = names
  const windows = windowsOf(slices, module)
  const marks = [...(watermark === undefined ? [] : [watermark]), js`${state}.closed`]
  const { after, late } = emitLate({ slices, time, marks, span }, cx)
  out.line(js`${left} -= ${late}`)
  out.if(js`${left} > 0`, () => {
    // Everything that can fail is computed before a group changes.
    const count = emitCounting(step, names, cx)
    const types = storedKeys(step).map(i => step.keys[i]!)
    const key = emitGroupKey(keys, types, cx)
    const values = keys.map(({ code }) => code)
    const slice = scope.name('slice')
    out.line(js`const ${slice} = ${windows}.sliceEnd(${time})`)
    const find = js`${state}.find(${slice}, ${key})`
    const spread = (args: readonly Code[]): void =>
      out.line(js`if (${late} > 0) ${state}.spread(${[...args, key, time, after]})`)
    if (names.packed !== null) {
      const found = js`${late} > 0 ? ${state}.makeLate(${values}) : ${find}`
      const added = js`${state}.add(${[key, slice, ...values]})`
      emitPackedCount(names, names.packed, { found, added, count }, cx)
      return spread([])
    }
    const group = scope.name('group')
    const made = (end: Code, whole: number): Code =>
      js`new ${names.group}(${[end, js`${whole}`, ...values]})`
    out.line(js`let ${group} = ${late} > 0 ? ${made(js`NaN`, 0)} : ${find}`)
    out.line(js`if (${group} === undefined) ${group} = ${state}.add(${key}, ${made(slice, 1)})`)
    out.line(js`${state}.touch(${group})`)
    count(intoObject(names.aggregates, group, 'add', cx))
    spread([group])
  })
}
