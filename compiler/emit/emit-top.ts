import { js, type Code } from '../code/index.ts'
import { emitComparer } from '../functions/index.ts'
import { type SortColumn, stateKey, type StepOf, type TopStage } from '../ir/index.ts'
import { type Column, type RowType, showType } from '../types/index.ts'
import { emitRowType } from './emit-row-type.ts'
import { emitChanged } from './emit-changed.ts'
import { closesAt, emitClosing } from './emit-closing.ts'
import { emitGroupKey } from './emit-count.ts'
import { emitInTime } from './emit-in-time.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { type Module, placeOf, placeText } from './module.ts'
import type { SharedNames } from './task-context.ts'
import type { TopNames } from './top-names.ts'
import { rowValues, withNull } from './value.ts'

/** How the first rows of a stage are kept, and what follows them. */
export function emitTop(names: TopNames, module: Module, shared: SharedNames): void {
  const { stage, kept, row } = names
  const { body } = module
  body.at(placeOf(stage.span), () => {
    const columns = stage.schema.columns.map(({ name, type }) => `${name} ${showType(type)}`)
    body.comment(`${stage.name}: ${columns.join(', ')}. ${placeText(stage.span)}`)
    emitRowType(kept, stage.kept, module)
    if (row !== kept) emitRowType(row, stage.schema, module)
    emitOrders(names, module)
    emitDefinition(names, module)
    if (stage.emission === 'close') emitClose(names, module, shared)
    else emitChanges(names, module, shared)
    body.blank()
  })
}

function emitOrders({ stage, kept, compare, comparePlaces }: TopNames, module: Module): void {
  const { order, written } = stage.top
  emitOrder(compare, order, kept, stage.kept, module)
  if (comparePlaces !== compare) {
    emitOrder(comparePlaces, order.slice(0, written), kept, stage.kept, module)
  }
}

/** A function that compares rows column by column. */
export function emitOrder(
  name: Code,
  order: readonly SortColumn[],
  row: Code,
  { columns }: RowType,
  module: Module
): void {
  const { body } = module
  const parameters = order.length === 0 ? js`_a: ${row}, _b: ${row}` : js`a: ${row}, b: ${row}`
  body.block(js`function ${name}(${parameters}): number`, () => {
    order.forEach((one, i) => emitColumnOrder(one, columns[one.column]!, i, module))
    body.line(js`return 0`)
  })
}

function emitColumnOrder(
  { column, descending, nullsFirst }: SortColumn,
  { type, nullable }: Column,
  index: number,
  module: Module
): void {
  const { body } = module
  const [a, b] = [js`a[${column}]`, js`b[${column}]`]
  const result = module.scope.inner().name(`by ${index + 1}`)
  const [left, right] = descending ? [b, a] : [a, b]
  const values = (): void => {
    body.line(js`const ${result} = ${emitComparer(type, module)}(${left}, ${right})`)
    body.line(js`if (${result} !== 0) return ${result}`)
  }
  if (!nullable) return values()
  const nulls = (): void =>
    body.line(
      nullsFirst
        ? js`if (${a} !== ${b}) return ${a} === null ? -1 : 1`
        : js`if (${a} !== ${b}) return ${a} === null ? 1 : -1`
    )
  body.if(js`${a} === null || ${b} === null`, nulls, values)
}

function emitDefinition(names: TopNames, module: Module): void {
  const { stage, kept, definition, compare, comparePlaces } = names
  const { top, window, emission, key } = stage
  const { body } = module
  module.useType('TopDefinition')
  const partition = top.partition.filter(column => column !== window?.column)
  body.block(js`const ${definition}: TopDefinition<${kept}> =`, () => {
    body.line(js`name: ${stage.name},`)
    body.line(js`layout: ${layoutOf(stage)},`)
    body.line(js`columns: [${stage.schema.columns.map(({ name }) => js`${name}`)}],`)
    body.line(js`sources: [${stage.sources.map(name => js`${name}`)}],`)
    body.line(js`rank: ${top.rank},`)
    body.line(js`from: ${top.from},`)
    body.line(js`to: ${top.to},`)
    body.line(js`placed: ${top.place !== null},`)
    body.line(js`tells: ${tellsOf(stage)},`)
    body.line(js`compare: ${compare},`)
    body.line(js`comparePlaces: ${comparePlaces},`)
    body.line(
      window === null ? js`windowOf: () => null,` : js`windowOf: row => row[${window.column}],`
    )
    body.line(js`partitionOf: ${keyFunction(partition, stage, module)},`)
    body.line(js`keyOf: ${key === null ? js`null` : keyFunction(key, stage, module)},`)
    body.line(js`closesAt: ${closesAt(emission === 'close' ? window : null, module)},`)
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

/** What tells rows apart by some of their columns. */
function keyFunction(columns: readonly number[], { kept }: TopStage, module: Module): Code {
  const values = rowValues(kept, js`row`)
  const types = columns.map(column => kept.columns[column]!)
  const key = emitGroupKey(
    columns.map(column => values[column]!),
    types,
    { module }
  )
  return columns.length === 0 ? js`() => ${key}` : js`row => ${key}`
}

/** A place that one row has is told as such; without it who comes and who leaves is told. */
function tellsOf({ emission, top }: TopStage): 'close' | 'places' | 'rows' {
  if (emission === 'close') return 'close'
  const { rank, place, from, to } = top
  return rank === 'ROW_NUMBER' && (place !== null || from === to) ? 'places' : 'rows'
}

/** What a saved row is, in words: another list is another state. */
export function layoutOf({ kept, top, retracts }: TopStage): string {
  const { rank, partition, order, to } = top
  const types = kept.columns.map(({ type }) => showType(type))
  const sorted = order.map(({ column, descending, nullsFirst }) =>
    [column, descending ? 'DESC' : 'ASC', nullsFirst ? 'NULLS FIRST' : 'NULLS LAST'].join(' ')
  )
  // Of rows that only come those behind the last place are gone: one more place is another state.
  const last = retracts ? 'all rows' : `the first ${to}`
  return [...types, `${rank} of ${partition.join(', ')}`, ...sorted, last].join('; ')
}

function emitClose(names: TopNames, module: Module, shared: SharedNames): void {
  const title = 'Tells the first rows of each window that is complete.'
  const plain = { endsIdle: false, givesTurns: false }
  emitClosing(
    names,
    { title, item: js`one`, told: js`one`, row: js`one as ${names.row}`, ...plain },
    module,
    shared
  )
}

function emitChanges(names: TopNames, module: Module, shared: SharedNames): void {
  const { stage, state, tell, changed, row, rows } = names
  const { name: what, schema, columns, steps } = stage
  const { body } = module
  emitChanged({ what, schema, columns, steps, changed, row, rows }, module, shared)
  body.comment('Tells what has become of the first rows where they changed.')
  body.block(js`function* ${tell}(): Generator<void>`, () => {
    module.work(stateKey(stage.name), body)
    body.line(js`yield* ${state}.tell(${changed})`)
  })
}

/** Puts the row among those of its partition, unless its window has closed. */
export function emitTopN(step: StepOf<'TopN'>, cx: FunctionContext, task: SharedNames): void {
  const { out } = cx
  const { state } = task.top(step.stage)
  const { window, span } = step
  out.comment(`${placeText(span)} ${step.stage}`)
  const insert = (row: Code): void => out.line(js`${state}.insert(${row})`)
  if (window === null) return insert(keptRow(step, cx))
  const time = bindSimple(cx.row[window.column]!, cx, 'time')
  emitInTime({ time, window, state, span }, cx, () => insert(keptRow(step, cx)))
}

/** The columns of a row that are kept, as a tuple. */
export function keptRow(
  { columns }: Pick<StepOf<'TopN'>, 'columns'>,
  { row }: Pick<FunctionContext, 'row'>
): Code {
  return js`[${columns.map(column => withNull(row[column]!))}]`
}

/** What the row was leaves, what it is comes. */
export function emitTopChange(
  step: StepOf<'TopN'>,
  sides: readonly [before: Code, after: Code],
  of: (row: Code) => FunctionContext['row'],
  cx: FunctionContext,
  task: SharedNames
): void {
  const { state } = task.top(step.stage)
  const kept = sides.map(side =>
    side.text === 'null'
      ? js`null`
      : js`${side} === null ? null : ${keptRow(step, { ...cx, row: of(side) })}`
  )
  cx.out.comment(`${placeText(step.span)} ${step.stage}`)
  cx.out.line(js`${state}.change(${kept})`)
}
