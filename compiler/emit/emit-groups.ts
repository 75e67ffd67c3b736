import { js, type Code } from '../code/index.ts'
import { type Expr, stateKey } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { emitChanged } from './emit-changed.ts'
import { emitClosing, giveWay, tellChange } from './emit-closing.ts'
import { emitGroupKey } from './emit-count.ts'
import { emitExpr } from './emit-expr.ts'
import { emitDefinition } from './emit-group-definition.ts'
import { emitPackedChanges, emitPackedRow, packedTold } from './emit-packed.ts'
import { emitRowType } from './emit-row-type.ts'
import { emitSessionChanges, emitSessionDefinition } from './emit-session.ts'
import { emitSlicedDefinition } from './emit-slices.ts'
import { functionContext } from './function-context.ts'
import { type GroupNames, keyValues, storedKeys } from './group-names.ts'
import { type Module, placeOf, placeText } from './module.ts'
import type { SharedNames } from './task-context.ts'

/** The class of a stage's groups, how they are kept, and what follows their rows. */
export function emitGroups(names: GroupNames, module: Module, shared: SharedNames): void {
  const { stage } = names
  const { body } = module
  body.at(placeOf(stage.span), () => {
    const columns = stage.schema.columns.map(({ name, type }) => `${name} ${showType(type)}`)
    body.comment(`${stage.name}: ${columns.join(', ')}. ${placeText(stage.span)}`)
    emitRowType(names.row, stage.schema, module)
    if (names.packed === null) emitClass(names, module)
    if (stage.session !== null) emitSessionDefinition(names, stage.session, module)
    else if (stage.slices !== null) emitSlicedDefinition(names, stage.slices, module)
    else emitDefinition(names, module)
    if (names.packed === null) emitRow(names, module)
    else emitPackedRow(names, names.packed, module)
    if (stage.emission === 'close') emitClose(names, module, shared)
    else emitChanges(names, module, shared)
    body.blank()
  })
}

function emitClass({ stage, group, row, keys, aggregates }: GroupNames, module: Module): void {
  const { body } = module
  const isSession = stage.session !== null
  if (isSession) module.useType('Session')
  const stored = storedKeys(stage)
  const types = stage.keys.map(({ type, nullable }) => module.type(type, nullable))
  body.block(js`class ${group}`, () => {
    body.line(js`touched = -1`)
    body.line(js`stored = false`)
    if (stage.retracts) body.line(js`rows = 0`)
    if (isSession || stage.emission === 'changes') body.line(js`told: ${row} | null = null`)
    if (isSession) {
      body.line(js`first = Infinity`)
      body.line(js`last = -Infinity`)
      body.line(js`arrival = 0`)
      body.line(js`session: Session`)
    }
    if (stage.slices !== null) {
      body.line(js`readonly end: number`)
      body.line(js`readonly whole: number`)
      body.line(js`next: ${group} | null = null`)
    }
    stored.forEach(i => body.line(js`readonly ${keys[i]!}: ${types[i]!}`))
    for (const { accumulator, fields, distinct } of aggregates) {
      accumulator.fields.forEach(({ type, start }, i) =>
        body.line(js`${fields[i]!}: ${type} = ${start}`)
      )
      if (distinct !== null) {
        const bag = module.use(stage.retracts ? 'ValueBag' : 'DistinctValues')
        body.line(js`${distinct}: ${bag} = new ${bag}()`)
      }
    }
    const fields = stored.map(i => ({ name: keys[i]!, type: types[i]! }))
    const all = [...placeFields(stage), ...fields]
    if (all.length === 0) return
    body.blank()
    const parameters = all.map(({ name, type }) => js`${name}: ${type}`)
    body.block(js`constructor(${parameters})`, () =>
      all.forEach(({ name }) => body.line(js`this.${name} = ${name}`))
    )
  })
}

/** What a group takes beside its keys: where it is. */
function placeFields({ session, slices }: GroupNames['stage']): { name: Code; type: Code }[] {
  if (session !== null) return [{ name: js`session`, type: js`Session` }]
  if (slices === null) return []
  return [
    { name: js`end`, type: js`number` },
    { name: js`whole`, type: js`number` }
  ]
}

function emitRow(names: GroupNames, { body }: Module): void {
  const { group, row, rowOf, aggregates } = names
  const values = [
    ...keyValues(names, js`group`),
    ...aggregates.map(({ accumulator, fields }) =>
      accumulator.result(fields.map(field => js`group.${field}`))
    )
  ]
  body.block(js`function ${rowOf}(group: ${group}): ${row}`, () =>
    body.line(js`return [${values}]`)
  )
}

/** One row per group, once its window is complete. */
function emitClose(names: GroupNames, module: Module, shared: SharedNames): void {
  const title = 'Tells the groups whose window is complete.'
  const item = names.packed === null ? js`group` : js`place`
  const told = names.packed === null ? js`[${keyValues(names, item)}]` : packedTold(names, module)
  const row = js`${names.rowOf}(${item})`
  const givesTurns = names.stage.slices !== null
  emitClosing(names, { title, item, told, row, endsIdle: false, givesTurns }, module, shared)
}

/** What has become of the groups that changed since the last barrier. */
function emitChanges(names: GroupNames, module: Module, shared: SharedNames): void {
  const { stage, state, tell, rowOf, changed, row, rows } = names
  const { name: what, schema, columns, steps, session } = stage
  const { body } = module
  emitChanged({ what, schema, columns, steps, changed, row, rows }, module, shared)
  const { window, ttl } = stage
  const isFreed = window !== null || ttl !== null
  const parameter = !isFreed ? js`` : window === null ? js`elapsed: number` : js`watermark: number`
  body.comment(
    `Tells what has become of the groups that changed${isFreed ? ', and frees those that are done' : ''}.`
  )
  body.block(js`function* ${tell}(${parameter}): Generator<void>`, () => {
    module.work(stateKey(stage.name), body)
    if (stage.standing !== null) emitStanding(names, stage.standing, module)
    const item = names.packed === null ? js`group` : js`place`
    const made = js`${module.use('viewAfter')}(${rowOf}, ${item}, ${rows})`
    if (session !== null) emitSessionChanges(names, session, made, module)
    else if (names.packed !== null) emitPackedChanges(names, made, module)
    else emitGroupChanges(names, made, module)
    if (window !== null) body.line(js`${state}.free(watermark)`)
    else if (ttl !== null) body.line(js`${state}.told(elapsed)`)
  })
}

/** Groups that have not changed for a while go without a word: what was told of them stays. */
export function emitIdle(names: GroupNames, ttl: number, module: Module): Code {
  const { stage, state } = names
  const remove = js`${state}.remove(group)`
  const kept = stage.standing === null ? null : setTest(names, stage.standing, module)
  const action = kept === null ? remove : js`if (!(${kept})) ${remove}`
  const idle = js`${state}.idle(cx.elapsed(), ${ttl})`
  return js`for (const group of ${idle}) { if (group === null) yield; else ${action} }`
}

/** Whether a group is the one that is always there. */
function setTest({ keys }: GroupNames, standing: readonly Expr[], module: Module): Code {
  const { code } = emitExpr(standing.at(-1)!, functionContext([], module))
  return js`group.${keys.at(-1)!} === ${code}`
}

/** A group that is there also of no rows. */
function emitStanding(names: GroupNames, keys: readonly Expr[], module: Module): void {
  const { stage, state, group } = names
  const values = keys.map(key => emitExpr(key, functionContext([], module)))
  const key = emitGroupKey(values, stage.keys, { module })
  const made = js`new ${group}(${values.map(({ code }) => code)})`
  module.body.comment('All rows are a group, also where there is none.')
  module.body.line(
    js`if (${state}.find(null, ${key}) === undefined) ${state}.touch(${state}.add(${key}, ${made}))`
  )
}

function emitGroupChanges(names: GroupNames, made: Code, module: Module): void {
  const { state, changed, rows } = names
  const { body } = module
  body.line(js`let seen = 0`)
  body.block(js`for (const group of ${state}.changed())`, () => {
    body.line(giveWay(js`seen`, module))
    body.line(js`const { told } = group`)
    const empty = emptyTest(names, module)
    body.line(js`${rows}.row = [${keyValues(names, js`group`)}]`)
    if (empty !== null) body.line(js`const isEmpty = ${empty}`)
    body.line(empty === null ? js`const now = ${made}` : js`const now = isEmpty ? null : ${made}`)
    body.line(js`group.told = now`)
    body.line(tellChange(changed, module))
    if (empty !== null) body.line(js`if (isEmpty) ${state}.remove(group)`)
  })
}

/** Whether a group has no rows any more and goes; null: none does. */
function emptyTest(names: GroupNames, module: Module): Code | null {
  const { retracts, keys, standing } = names.stage
  if (!retracts || keys.length === 0) return null
  if (standing === null) return js`group.rows === 0`
  return js`group.rows === 0 && !(${setTest(names, standing, module)})`
}
