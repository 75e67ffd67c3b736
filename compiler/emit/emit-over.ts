import { type Code, js } from '../code/index.ts'
import { forgetsAfter, type OverStage, readsFrame, type StepOf, waitOf } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { emitClosing } from './emit-closing.ts'
import { emitGroupKey } from './emit-count.ts'
import { emitFrame } from './emit-frame.ts'
import { emitInTime } from './emit-in-time.ts'
import { emitOverRow } from './emit-over-row.ts'
import { emitRowType } from './emit-row-type.ts'
import { emitOrder, keptRow } from './emit-top.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { type Module, placeOf, placeText } from './module.ts'
import type { FrameNames, OverNames } from './over-names.ts'
import type { SharedNames } from './task-context.ts'
import { rowValues, simpleValue } from './value.ts'

/** How the rows of a stage are kept in the order of their time, and what follows them. */
export function emitOverStage(names: OverNames, module: Module, shared: SharedNames): void {
  const { stage, kept, row, compare, frames } = names
  const { body } = module
  body.at(placeOf(stage.span), () => {
    const columns = stage.schema.columns.map(({ name, type }) => `${name} ${showType(type)}`)
    body.comment(`${stage.name}: ${columns.join(', ')}. ${placeText(stage.span)}`)
    emitRowType(kept, stage.kept, module)
    emitRowType(row, stage.schema, module)
    emitOrder(compare, orderOf(stage), kept, stage.kept, module)
    for (const frame of frames) emitFrame(frame, names, module)
    emitDefinition(names, module)
    emitOverRow(names, module)
    const title = 'Tells the rows to which time has come, in their order.'
    const item = js`place`
    const made = { told: js`place.row`, row: js`${names.rowOf}(place)` }
    const way = { endsIdle: stage.ttl !== null, givesTurns: false }
    emitClosing(names, { title, item, ...made, ...way }, module, shared)
    body.blank()
  })
}

/** ORDER BY as a whole. */
function orderOf({ over: { time, order } }: OverStage): OverStage['over']['order'] {
  return [{ column: time.column, descending: false, nullsFirst: false }, ...order]
}

function emitDefinition(names: OverNames, module: Module): void {
  const { stage, kept, definition, compare, frames } = names
  const { over, ttl } = stage
  const { time, calls } = over
  const { body } = module
  module.useType('OverDefinition')
  const at = js`row[${time.column}]!`
  const { rows, ms } = waitOf(calls)
  body.block(js`const ${definition}: OverDefinition<${kept}> =`, () => {
    body.line(js`name: ${stage.name},`)
    body.line(js`layout: ${layoutOf(stage)},`)
    body.line(js`columns: [${stage.schema.columns.map(({ name }) => js`${name}`)}],`)
    body.line(js`sources: [${stage.sources.map(name => js`${name}`)}],`)
    body.line(
      js`timeOf: row => ${time.unit === 'ms' ? at : js`${module.use('epochToMs')}(${at})`},`
    )
    body.line(js`lag: ${time.lag},`)
    body.line(js`compare: ${compare},`)
    emitPartition(stage, module)
    body.line(js`waits: { rows: ${rows}, ms: ${ms} },`)
    body.line(js`behind: ${rowsBehind(stage)},`)
    body.line(js`heads: ${Math.max(0, ...frames.map(headsOf))},`)
    body.line(js`frames: [${frames.map(defineFrame)}],`)
    body.line(js`forgets: ${numberCode(forgetsAfter(calls))},`)
    body.line(js`ttl: ${numberCode(ttl ?? Infinity)},`)
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

function emitPartition({ over: { partition }, kept }: OverStage, module: Module): void {
  const { body } = module
  const columns = partition.map(index => kept.columns[index]!)
  const values = rowValues(kept, js`row`)
  body.line(
    columns.length === 0
      ? js`valuesOf: () => [],`
      : js`valuesOf: row => [${partition.map(index => values[index]!.code)}],`
  )
  const saved = columns.map(({ type, nullable }, i) =>
    simpleValue(js`(values[${i}] as ${module.type(type, nullable)})`, 'null')
  )
  const key = emitGroupKey(saved, columns, { module })
  body.line(columns.length === 0 ? js`keyOf: () => ${key},` : js`keyOf: values => ${key},`)
}

function defineFrame({ frame, calls, counts, aggregates }: FrameNames): Code {
  const { unit, start, end } = frame
  const last = calls.some(({ call }) => call.name === 'last_value')
  const counting = aggregates.length === 0 ? js`null` : counts
  return js`{ unit: ${unit}, start: ${start}, end: ${end}, last: ${last}, counts: ${counting} }`
}

/** Rows of a frame that begins with the partition, which leave, and are asked for again. */
function headsOf({ frame, calls }: FrameNames): number {
  if (frame.start !== null) return 0
  const asked = calls.map(({ call: { name }, offset }) => {
    return name === 'first_value' ? 1 : name === 'nth_value' ? offset! : 0
  })
  return Math.max(0, ...asked)
}

/** A rank compares a row with the one before it. */
function rowsBehind({ over: { calls } }: OverStage): number {
  const wanted = calls.map(({ call: { name }, offset }) => {
    if (name === 'lag') return offset!
    return name === 'rank' || name === 'dense_rank' ? 1 : 0
  })
  return Math.max(0, ...wanted)
}

function numberCode(value: number): Code {
  return value === Infinity ? js`Infinity` : js`${value}`
}

/** What is saved, in words: another list is another state. */
export function layoutOf(stage: OverStage): string {
  const { kept, over } = stage
  const { partition, calls } = over
  const types = kept.columns.map(({ type }) => showType(type))
  const sorted = orderOf(stage).map(({ column, descending, nullsFirst }) =>
    [column, descending ? 'DESC' : 'ASC', nullsFirst ? 'NULLS FIRST' : 'NULLS LAST'].join(' ')
  )
  const called = calls.map(({ call: { name, args }, offset, frame }) => {
    const list = args.map(({ type }) => showType(type)).join(', ')
    const { unit, start, end } = frame
    const around = readsFrame(name) ? ` ${unit} ${start} to ${end}` : ''
    return `${name}(${list})${offset === null ? '' : ` ${offset}`}${around}`
  })
  return [...types, `rows of ${partition.join(', ')}`, ...sorted, ...called].join('; ')
}

/** Puts the row among those that wait, unless time has passed it. */
export function emitOver(step: StepOf<'Over'>, cx: FunctionContext, task: SharedNames): void {
  const { out } = cx
  const { state } = task.over(step.stage)
  const { span } = step
  const window = step.over.time
  out.comment(`${placeText(span)} ${step.stage}`)
  const time = bindSimple(cx.row[window.column]!, cx, 'time')
  emitInTime({ time, window, state, span }, cx, () =>
    out.line(js`${state}.insert(${keptRow(step, cx)})`)
  )
}
