import { js, type Code } from '../code/index.ts'
import { exprCanFail } from '../functions/index.ts'
import { stateKey, type Step, type StepOf, workKey } from '../ir/index.ts'
import { holdsDouble, type RowType } from '../types/index.ts'
import { titleOf } from './emit-aggregate.ts'
import { emitCount, emitKeys } from './emit-count.ts'
import { enter as enterJoin, titleOf as joinTitle } from './emit-join.ts'
import { type ChangeNames, emitChangeWrite } from './emit-change-write.ts'
import { emitTopChange } from './emit-top.ts'
import { emitTry } from './emit-try.ts'
import { emitViews, type View } from './emit-views.ts'
import { functionContext, type FunctionContext } from './function-context.ts'
import { isArrayFallible } from './may-reject.ts'
import { type Module, placeOf, placeText } from './module.ts'
import type { SharedNames } from './task-context.ts'
import { rowValues, type Value, withNull } from './value.ts'

/** Rows that change, and what follows. */
export interface ChangedRows {
  /** What they are rows of, for a comment. */
  readonly what: string
  readonly schema: RowType
  /** The columns that `steps` read: the row that they start from. */
  readonly columns: readonly number[]
  readonly steps: readonly Step[]
  /** The function to write, which is called for each change. */
  readonly changed: Code
  /** The type of a row. */
  readonly row: Code
  /** The variable of the batch that the rows seem to come in: it takes those for which something fails. */
  readonly rows: Code
}

/** `changedX(op, before, after)`: what follows a change of a row. */
export function emitChanged(rows: ChangedRows, module: Module, task: SharedNames): void {
  const { body } = module
  const { schema, columns, steps } = rows
  const views = new Map<Step, View>()
  const of = (row: Code): Value[] => {
    const all = rowValues(schema, row)
    return columns.map(index => all[index]!)
  }
  const read = { columns: columns.map(index => schema.columns[index]!) }
  for (const step of steps) emitViews(step, { type: rows.row, schema: read, of }, views, module)
  module.useType('ChangeOp')
  const type = js`${rows.row} | null`
  const parameters =
    steps.length === 0
      ? js`_op: ChangeOp, _before: ${type}, _after: ${type}`
      : js`op: ChangeOp, before: ${type}, after: ${type}`
  body.comment(`What follows a change of ${rows.what}.`)
  body.block(js`function ${rows.changed}(${parameters}): void`, () => {
    const change = { op: js`op`, before: js`before`, after: js`after` }
    const cx = functionContext([], module)
    module.count(stateKey(rows.what), body)
    const told = steps.length === 0 ? js`_after ?? _before` : js`after ?? before`
    module.look(stateKey(rows.what), schema, js`(${told})!`, body)
    if (steps.some(needsRow)) body.line(js`${rows.rows}.row = (after ?? before)!`)
    // What may fail comes first: a statement that fails there has not gone on into groups yet.
    const ordered = [...steps.filter(step => !keepsState(step)), ...steps.filter(keepsState)]
    for (const step of ordered) emitChange(step, change, of, { cx, task, views, rows: rows.rows })
    if (steps.length > 0) module.backTo(stateKey(rows.what), body)
  })
}

/** Whether rows are counted or stored somewhere behind a step. */
function keepsState(step: Step): boolean {
  if (step.kind === 'Store' || 'stage' in step) return true
  return 'steps' in step && step.steps.some(keepsState)
}

/** Whether a failure may have to say which row it was. */
export function needsRow(step: Step): boolean {
  switch (step.kind) {
    case 'Write':
      return step.schema.columns.some(({ type }) => holdsDouble(type))
    case 'Filter':
      return exprCanFail(step.predicate) || step.steps.some(needsRow)
    case 'Project':
      return step.exprs.some(exprCanFail) || step.steps.some(needsRow)
    case 'Unnest':
      return isArrayFallible(step.unnest.array) || step.steps.some(needsRow)
    default:
      return true
  }
}

interface ChangeContext {
  readonly cx: FunctionContext
  readonly task: SharedNames
  readonly views: ReadonlyMap<Step, View>
  readonly rows: Code
}

function emitChange(
  step: Step,
  change: ChangeNames,
  of: (row: Code) => readonly Value[],
  context: ChangeContext
): void {
  const { cx } = context
  cx.out.at(placeOf(step.span), () => {
    // What a view makes of the row is done in its function.
    if (!context.views.has(step)) cx.module.work(workKey(step), cx.out)
    switch (step.kind) {
      case 'Filter':
      case 'Project':
        return emitViewChange(context.views.get(step)!, change, context)
      case 'Unnest':
        return emitElementChanges(context.views.get(step)!, change, context)
      case 'Write':
        return emitToldChange(step, change, context)
      default: {
        const { task, rows } = context
        const reject = (error: Code): Code => js`${rows}.reject(0, ${error})`
        return emitStageChange(step, change, of, { cx, task, reject })
      }
    }
  })
}

/** What a stage or a table needs to take a change in. */
export interface StageContext {
  readonly cx: FunctionContext
  readonly task: SharedNames
  readonly reject: (error: Code) => Code
}

/** A row changes that a stage or a table takes: `of`: its values, of the row as a tuple. */
export function emitStageChange(
  step: Step,
  change: ChangeNames,
  of: (row: Code) => readonly Value[],
  context: StageContext
): void {
  switch (step.kind) {
    case 'Aggregate':
      return emitCountChange(step, change, of, context)
    case 'Join':
      return emitJoinChange(step, change, of, context)
    case 'TopN':
      return emitTopChange(step, [change.before, change.after], of, context.cx, context.task)
    case 'Store':
      return emitStoreChange(step, change, context)
    default:
      throw new Error(`${step.kind} does not follow a change`)
  }
}

/** Without a key nobody could tell which row an update is of: the row that was goes, the one that is comes. */
function emitToldChange(step: StepOf<'Write'>, change: ChangeNames, context: ChangeContext): void {
  const { cx, task, rows } = context
  const write = (told: ChangeNames): void => emitChangeWrite(step, told, rows, cx, task.writer)
  if (step.changes !== 'apart') return write(change)
  const { before, after } = change
  const none = js`null`
  const tell = (): void => {
    cx.out.if(js`${before} !== null`, () => write({ op: js`'d'`, before, after: none }))
    cx.out.if(js`${after} !== null`, () => write({ op: js`'c'`, before: none, after }))
  }
  // A stage takes a part of the row, which may be what it was.
  if (step.sink.connector !== 'exchange') tell()
  else cx.out.if(js`!${cx.module.use('sameRow')}(${before}, ${after})`, tell)
}

/** The change of a query's row: it may come and go while the row that it is made of stays. */
function emitViewChange(view: View, change: ChangeNames, context: ChangeContext): void {
  const { out, scope } = context.cx
  const before = scope.name('was')
  const after = scope.name('is')
  const { was, is } = viewsOf(view, change, context)
  out.line(js`const ${before} = ${was}`)
  out.line(js`const ${after} = ${is}`)
  out.if(js`${before} !== null || ${after} !== null`, () => emitNext(view, before, after, context))
}

/** The rows that an UNNEST made of a row, and those that it makes: one by one, by their place. Those that stay are not told. */
function emitElementChanges(view: View, change: ChangeNames, context: ChangeContext): void {
  const { out, scope, module } = context.cx
  const before = scope.name('was')
  const after = scope.name('is')
  const { was, is } = viewsOf(view, change, context)
  const pairs = js`${module.use('changedElements')}(${was}, ${is})`
  out.block(js`for (const [${before}, ${after}] of ${pairs})`, () =>
    emitNext(view, before, after, context)
  )
}

/** What a view made of the row that was, and makes of the one that is; null: nothing. */
function viewsOf(
  { rowOf, fails }: View,
  change: ChangeNames,
  { cx, rows }: ChangeContext
): { readonly was: Code; readonly is: Code } {
  const { use } = cx.module
  const was = fails
    ? js`${use('viewBefore')}(${rowOf}, ${change.before})`
    : js`${rowOf}(${change.before})`
  const is = fails
    ? js`${use('viewAfter')}(${rowOf}, ${change.after}, ${rows})`
    : js`${rowOf}(${change.after})`
  return {
    was: js`${change.before} === null ? null : ${was}`,
    is: js`${change.after} === null ? null : ${is}`
  }
}

/** What follows the change of a view's row. */
function emitNext(view: View, before: Code, after: Code, context: ChangeContext): void {
  const { out, scope, module } = context.cx
  const op = scope.name('change')
  for (const key of view.counted) module.count(key, out)
  if (view.gives === 'many') {
    module.look(view.counted[0]!, view.schema, js`(${after} ?? ${before})!`, out)
  }
  out.line(js`const ${op} = ${before} === null ? 'c' : ${after} === null ? 'd' : 'u'`)
  const next = { op, before, after }
  for (const step of view.steps) {
    emitChange(step, next, row => rowValues(view.schema, row), context)
  }
}

/** The row goes where its key is in the table; what follows that change is the table's. */
function emitStoreChange(
  { table, span }: StepOf<'Store'>,
  { before, after }: ChangeNames,
  { cx, task, reject }: StageContext
): void {
  const { state, changed } = task.table(table.name)
  const args = [state, before, after, changed, js`${cx.module.site(span)}`]
  cx.out.comment(`${placeText(span)} ${table.name}`)
  emitTry(cx, () => cx.out.line(js`${cx.module.use('storeChange')}(${args})`), reject)
}

/** What the row was leaves its group, what it is comes into one. */
function emitCountChange(
  step: StepOf<'Aggregate'>,
  { before, after }: ChangeNames,
  of: (row: Code) => readonly Value[],
  { cx, task, reject }: StageContext
): void {
  const names = task.groups(step.stage)
  cx.out.comment(titleOf(step))
  const count = (row: Code, direction: 'add' | 'remove'): void => {
    const own = { ...cx, row: of(row) }
    cx.out.if(js`${row} !== null`, () => {
      const body = (): void => emitCount(step, names, emitKeys(step.keys, own), direction, own)
      // What could not be counted when it came can't be taken away either.
      emitTry(own, body, direction === 'add' ? reject : null)
    })
  }
  count(before, 'remove')
  count(after, 'add')
}

/** What the row was leaves its side of the join, what it is comes into it: as one change, where it can't fail. */
function emitJoinChange(
  step: StepOf<'Join'>,
  { before, after }: ChangeNames,
  of: (row: Code) => readonly Value[],
  { cx, task, reject }: StageContext
): void {
  const names = task.joins(step.stage)
  const { stage, state } = names
  const none = js`null`
  cx.out.comment(joinTitle(step, names))
  const tuple = (row: Code): Code => {
    const values = of(row)
    const kept = step.columns.map(index => withNull(values[index]!))
    return js`${row} === null ? null : [${kept}]`
  }
  const change = (was: Code, is: Code): void =>
    cx.out.line(js`${enterJoin(stage, step.side, cx.module)}(${[state, was, is]})`)
  if (!stage[step.side].keys.some(exprCanFail)) return change(tuple(before), tuple(after))
  // What could not come in can't leave either.
  emitTry(cx, () => change(tuple(before), none), null)
  emitTry(cx, () => change(none, tuple(after)), reject)
}
