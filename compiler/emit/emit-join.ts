import { type Code, js } from '../code/index.ts'
import { exprCanFail } from '../functions/index.ts'
import { type JoinKind, type JoinSide, type JoinStage, stateKey, type StepOf } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { closing, emitLateTest } from './emit-count.ts'
import { emitChanged, needsRow } from './emit-changed.ts'
import { addVersion, emitAsOfDefinition, isVersion } from './emit-as-of.ts'
import { emitHead, emitKeyOf } from './emit-join-side.ts'
import { emitRowType } from './emit-row-type.ts'
import { emitGuarded, emitSteps } from './emit-step.ts'
import { emitTest } from './emit-test.ts'
import { functionContext, type FunctionContext } from './function-context.ts'
import type { JoinNames } from './join-names.ts'
import { loopScope } from './loop-scope.ts'
import { mayReject } from './may-reject.ts'
import { type Module, placeOf, placeText } from './module.ts'
import type { SharedNames } from './task-context.ts'
import { computed, listOf, nullTest, rowValues, type Value, withNull } from './value.ts'

const words: { readonly [K in JoinKind]: string } = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  FULL: 'FULL JOIN',
  SEMI: 'IN',
  ANTI: 'NOT IN'
}

/** The row goes into its side of a join, unless it is late. */
export function emitJoinStep(step: StepOf<'Join'>, cx: FunctionContext, task: SharedNames): void {
  const { out, module, row } = cx
  const names = task.joins(step.stage)
  const { side, time, span } = step
  out.comment(titleOf(step, names))
  const goOn = (): void => {
    const tuple = js`[${step.columns.map(index => withNull(row[index]!))}]`
    if (isVersion(step, names)) return out.line(addVersion(step, names, tuple, cx))
    const args = names.stage.appends ? [names.state, tuple] : [names.state, js`null`, tuple]
    out.line(js`${enter(names.stage, side, module)}(${args})`)
  }
  // A version that is late is valid from then on.
  if (time === null || (isVersion(step, names) && names.stage.asOf?.rows === 'table')) return goOn()
  const value = row[time.column]!
  const late = (): void => {
    const closed = js`${names.state}.closed[${side === 'left' ? 0 : 1}]`
    const test = emitLateTest(value, time, closed, cx)
    const error = js`${module.use('lateRow')}(${module.site(span)})`
    out.if(test, () => out.line(js`batch.reject(i, ${error})`, placeOf(span)), goOn)
  }
  // Without a time it meets no row, and never comes too late for that.
  const isNull = nullTest(value)
  if (isNull === null) late()
  else out.if(isNull, goOn, late)
}

/** What a comment says of it. */
export function titleOf({ span, side }: StepOf<'Join'>, { stage }: JoinNames): string {
  return `${placeText(span)} ${words[stage.join]}: ${side} side`
}

/** The function that a row comes in by. */
export function enter(
  { appends, asOf }: JoinStage,
  side: StepOf<'Join'>['side'],
  module: Module
): Code {
  if (asOf !== null) return module.use('joinAsOf')
  if (appends) return module.use(side === 'left' ? 'joinLeft' : 'joinRight')
  return module.use(side === 'left' ? 'changeLeft' : 'changeRight')
}

/** How the rows of a join are kept, which belong together, and what follows those that they make. */
export function emitJoin(names: JoinNames, module: Module, shared: SharedNames): void {
  const { stage, left, right, row } = names
  const { body } = module
  body.at(placeOf(stage.span), () => {
    const columns = stage.schema.columns.map(({ name, type }) => `${name} ${showType(type)}`)
    body.comment(`${stage.name}: ${columns.join(', ')}. ${placeText(stage.span)}`)
    emitRowType(left, stage.left.schema, module)
    emitRowType(right, stage.right.schema, module)
    if (!stage.appends) emitRowType(row, stage.schema, module)
    emitMeets(names, module)
    if (stage.appends) emitTold(names, module, shared)
    else emitPairs(names, module, shared)
    if (stage.asOf === null) emitDefinition(names, module)
    else emitAsOfDefinition(names, layoutOf(stage), module)
    body.blank()
  })
}

/** Both rows, side by side. */
function bothRows({ left, right }: JoinStage): Value[] {
  return [...rowValues(left.schema, js`left`), ...rowValues(right.schema, js`right`)]
}

/** What fails is told where it is asked for the first time. */
function emitMeets({ stage, meets, met, left, right, rows }: JoinNames, module: Module): void {
  const { condition } = stage
  if (condition === null) return
  const { body } = module
  const write = (name: Code, reject: ((error: Code) => Code) | null): void =>
    body.block(js`function ${name}(left: ${left}, right: ${right}): boolean`, () => {
      const cx = sideContext(bothRows(stage), module)
      if (!exprCanFail(condition)) return body.line(js`return ${emitTest(condition, cx)}`)
      body.nest(js`try {`, () => body.line(js`return ${emitTest(condition, cx)}`), null)
      const error = js`${module.use('rowError')}(error)`
      const failed = (): void => {
        if (reject !== null) body.line(js`${rows}.row = [...left, ...right]`)
        body.line(reject === null ? error : reject(error))
        body.line(js`return false`)
      }
      body.nest(js`} catch (error) {`, failed, js`}`)
    })
  write(meets, error => js`${rows}.reject(0, ${error})`)
  if (exprCanFail(condition) && !stage.appends) write(met, null)
}

function sideContext(row: readonly Value[], module: Module): FunctionContext {
  const cx = functionContext(row, module)
  for (const name of ['left', 'right', 'error']) cx.scope.exact(name)
  return cx
}

/** One row, which never changes. */
function emitTold(names: JoinNames, module: Module, shared: SharedNames): void {
  const { stage, told, rows } = names
  const { body } = module
  body.comment(`Tells a row of the join.`)
  body.block(js`function ${told}(${parametersOf(names)}): void`, () => {
    const scope = loopScope(module)
    for (const name of ['left', 'right']) scope.exact(name)
    const all = toldValues(stage)
    const row = stage.columns.map(index => all[index]!)
    // The row comes from no record: what it fails with is told with its values.
    body.line(js`const batch = ${rows}`)
    body.line(js`const i = 0`)
    if (stage.steps.some(needsRow)) body.line(js`batch.row = [${all.map(({ code }) => code)}]`)
    module.count(stateKey(stage.name), body)
    module.look(stateKey(stage.name), stage.schema, listOf(all), body)
    const cx = { module, out: body, scope, row }
    const steps = (): void => emitSteps(stage.steps, cx, { ...shared, resumes: [], later: [] })
    if (stage.steps.length === 1 && mayReject(stage.steps[0]!)) emitGuarded(cx, steps)
    else steps()
    module.backTo(stateKey(stage.name), body)
  })
}

/** The rows that one is made of: what may be missing is null. */
function parametersOf({ stage: { join }, left, right }: JoinNames): Code[] {
  const first = join === 'FULL' ? js`left: ${left} | null` : js`left: ${left}`
  if (join === 'SEMI' || join === 'ANTI') return [first]
  return [first, join === 'INNER' ? js`right: ${right}` : js`right: ${right} | null`]
}

/** The columns of a row that is told, of which a part may be missing. */
function toldValues({ join, left, right }: JoinStage): Value[] {
  const of = ({ schema }: JoinSide, row: Code, may: boolean): Value[] =>
    may
      ? schema.columns.map((_, i) => computed(js`(${row} === null ? null : ${row}[${i}])`, 'null'))
      : rowValues(schema, row)
  const lefts = of(left, js`left`, join === 'FULL')
  if (join === 'SEMI' || join === 'ANTI') return lefts
  return [...lefts, ...of(right, js`right`, join !== 'INNER')]
}

/** Rows that may change, and what follows. */
function emitPairs(names: JoinNames, module: Module, shared: SharedNames): void {
  const { stage, pair, told, row, rows } = names
  const { body } = module
  const values = toldValues(stage).map(({ code }) => code)
  body.block(js`function ${pair}(${parametersOf(names)}): ${row}`, () =>
    body.line(js`return [${values}]`)
  )
  const { name: what, schema, columns, steps } = stage
  emitChanged({ what, schema, columns, steps, changed: told, row, rows }, module, shared)
}

function emitDefinition(names: JoinNames, module: Module): void {
  const { stage, definition, left, right, meets, met, pair, told } = names
  const { body } = module
  const { condition, appends, join } = stage
  const type = appends ? js`AppendJoinDefinition` : js`ChangingJoinDefinition`
  body.block(js`const ${definition}: ${type}<${left}, ${right}> =`, () => {
    emitHead(stage, layoutOf(stage), module)
    const pairs = join !== 'SEMI' && join !== 'ANTI'
    const alone = join === 'SEMI' ? 'met' : join === 'INNER' ? 'never' : 'unmet'
    emitSide('left', stage.left, { counts: join !== 'INNER', alone }, names, module)
    const rightAlone = join === 'FULL' ? 'unmet' : 'never'
    emitSide('right', stage.right, { counts: join === 'FULL', alone: rightAlone }, names, module)
    body.line(js`pairs: ${pairs},`)
    const always = js`() => true`
    body.line(js`meets: ${condition === null ? always : meets},`)
    if (appends) body.line(js`told: ${told},`)
    else {
      const before = condition !== null && exprCanFail(condition) ? met : meets
      body.line(js`met: ${condition === null ? always : before},`)
      body.line(js`key: [${stage.key.map(index => js`${index}`)}],`)
      body.line(js`pair: ${pair},`)
      body.line(js`changed: ${told},`)
    }
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

interface SideRules {
  readonly counts: boolean
  readonly alone: 'never' | 'unmet' | 'met'
}

function emitSide(
  name: 'left' | 'right',
  { schema, keys, time, ttl }: JoinSide,
  { counts, alone }: SideRules,
  names: JoinNames,
  module: Module
): void {
  const { body } = module
  const row = rowValues(schema, js`row`)
  const write = (): void => {
    emitKeyOf({ schema, keys, time }, names[name], module)
    const closing = closesAt(time, row, module)
    if (closing === null && ttl !== null) {
      body.line(js`closesAt: () => ${module.clock()}.elapsed() + ${ttl},`)
      body.line(js`ttl: ${ttl},`)
    } else body.line(js`closesAt: ${closing ?? js`() => Infinity`},`)
    body.line(js`counts: ${counts},`)
    body.line(js`alone: ${alone}`)
  }
  body.nest(name === 'left' ? js`left: {` : js`right: {`, write, js`},`)
}

/** Only rows that have a key are asked: those have a time. Null: time closes nothing. */
function closesAt(time: JoinSide['time'], row: readonly Value[], module: Module): Code | null {
  if (time === null || time.closes === Infinity) return null
  const { code, nulls } = row[time.column]!
  const value = nulls === 'never' ? code : js`${code}!`
  return js`row => ${closing(value, { lag: time.closes, unit: time.unit }, { module })}`
}

/** What is kept, in words: another list is another state. */
export function layoutOf({ join, left, right, appends, asOf }: JoinStage): string {
  const side = ({ schema, keys }: JoinSide): string =>
    [...schema.columns, ...keys].map(({ type }) => showType(type)).join(', ')
  const kept = asOf !== null ? `${asOf.rows} as of a time` : appends ? 'rows' : 'changes'
  return [join, kept, side(left), side(right)].join('; ')
}
