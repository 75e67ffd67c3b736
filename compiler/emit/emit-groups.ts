import { js, type Code } from '../code/index.ts'
import type { GroupStage } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { emitGroupKey } from './emit-aggregate.ts'
import { emitChanged } from './emit-changed.ts'
import { closesAt, emitClosing } from './emit-closing.ts'
import type { GroupNames } from './group-names.ts'
import { type Module, placeOf, placeText } from './module.ts'
import type { SharedNames } from './task-context.ts'
import { simpleValue } from './value.ts'

/** The class of a stage's groups, how they are kept, and what follows their rows. */
export function emitGroups(names: GroupNames, module: Module, shared: SharedNames): void {
  const { stage } = names
  const { body } = module
  body.at(placeOf(stage.span), () => {
    const columns = stage.schema.columns.map(({ name, type }) => `${name} ${showType(type)}`)
    body.comment(`${stage.name}: ${columns.join(', ')}. ${placeText(stage.span)}`)
    emitClass(names, module)
    emitDefinition(names, module)
    emitRow(names, module)
    if (stage.emission === 'close') emitClose(names, module, shared)
    else emitChanges(names, module, shared)
    body.blank()
  })
}

function emitClass({ stage, group, row, keys, aggregates }: GroupNames, module: Module): void {
  const { body } = module
  const types = stage.keys.map(({ type, nullable }) => module.type(type, nullable))
  const rowTypes = stage.schema.columns.map(({ type, nullable }) => module.type(type, nullable))
  body.line(js`type ${row} = readonly [${rowTypes}]`)
  body.block(js`class ${group}`, () => {
    body.line(js`touched = false`)
    body.line(js`stored = false`)
    if (stage.retracts) body.line(js`rows = 0`)
    if (stage.emission === 'changes') body.line(js`told: ${row} | null = null`)
    keys.forEach((key, i) => body.line(js`readonly ${key}: ${types[i]!}`))
    for (const { accumulator, fields, distinct } of aggregates) {
      accumulator.fields.forEach(({ type, start }, i) =>
        body.line(js`${fields[i]!}: ${type} = ${start}`)
      )
      if (distinct !== null) {
        const bag = module.use('ValueBag')
        body.line(js`${distinct}: ${bag} = new ${bag}()`)
      }
    }
    if (keys.length === 0) return
    body.blank()
    const parameters = keys.map((key, i) => js`${key}: ${types[i]!}`)
    body.block(js`constructor(${parameters})`, () =>
      keys.forEach(key => body.line(js`this.${key} = ${key}`))
    )
  })
}

/** A saved group is a tuple: keys, how many rows count where rows may leave, then each aggregate's fields. */
function emitDefinition(names: GroupNames, module: Module): void {
  const { stage, group, definition, keys } = names
  const { body } = module
  module.useType('GroupDefinition')
  const parts = savedParts(names, module)
  const keyValues = keys.map((_, i) => simpleValue(saved(i, stage.keys[i]!, module), 'null'))
  const others = [...keys.keys()].filter(index => index !== stage.window?.key)
  const key = emitGroupKey(
    others.map(i => keyValues[i]!),
    others.map(i => stage.keys[i]!),
    { module }
  )
  const { window } = stage
  body.block(js`const ${definition}: GroupDefinition<${group}> =`, () => {
    body.line(js`name: ${stage.name},`)
    body.line(js`layout: ${layoutOf(stage)},`)
    body.line(js`keys: ${keys.length},`)
    body.line(js`columns: [${stage.schema.columns.map(({ name }) => js`${name}`)}],`)
    body.line(js`sources: [${stage.sources.map(name => js`${name}`)}],`)
    const all = [...keys.map(field => js`group.${field}`), ...parts.map(part => part.save)]
    body.line(js`save: group => [${all}],`)
    body.nest(
      js`load(saved) {`,
      () => {
        const unused = keys.length === 0 && parts.length === 0
        if (unused) body.line(js`void saved`)
        body.line(js`const group = new ${group}(${keyValues.map(({ code }) => code)})`)
        parts.forEach(({ target, load }, i) =>
          body.line(js`group.${target} = ${load(js`saved[${keys.length + i}]`)}`)
        )
        if (stage.emission === 'changes')
          body.line(js`group.told = ${module.use('viewBefore')}(${names.rowOf}, group)`)
        body.line(js`return group`)
      },
      js`},`
    )
    const at = window === null ? null : keyValues[window.key]!.code
    body.line(at === null ? js`windowOf: () => null,` : js`windowOf: saved => ${at},`)
    body.line(others.length === 0 ? js`keyOf: () => ${key},` : js`keyOf: saved => ${key},`)
    body.line(js`closesAt: ${closesAt(window, stage.emission, module)},`)
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

function saved(
  index: number,
  { type, nullable }: GroupStage['keys'][number],
  module: Module
): Code {
  return js`saved[${index}] as ${module.type(type, nullable)}`
}

interface SavedPart {
  readonly target: Code
  readonly save: Code
  load(code: Code): Code
}

function savedParts({ stage, aggregates }: GroupNames, module: Module): SavedPart[] {
  const rows: SavedPart = {
    target: js`rows`,
    save: js`group.rows`,
    load: code => js`${code} as number`
  }
  const parts = aggregates.flatMap(({ accumulator, fields, distinct }) => {
    const own = accumulator.fields.map((field, i): SavedPart => ({
      target: fields[i]!,
      save: field.save(js`group.${fields[i]!}`),
      load: field.load
    }))
    if (distinct === null) return own
    const load = (code: Code): Code => js`${module.use('ValueBag')}.load(${code})`
    return [...own, { target: distinct, save: js`group.${distinct}.save()`, load }]
  })
  return stage.retracts ? [rows, ...parts] : parts
}

/** What a saved group holds, in words: another list is another state. */
function layoutOf({ keys, aggregates, retracts }: GroupStage): string {
  const calls = aggregates.map(({ name, args, distinct }) => {
    const types = args.map(arg => showType(arg.type)).join(', ')
    return `${name}(${distinct ? 'DISTINCT ' : ''}${types})`
  })
  const types = keys.map(({ type }) => showType(type))
  return [...types, retracts ? 'changes' : 'rows', ...calls].join('; ')
}

function emitRow({ group, row, rowOf, keys, aggregates }: GroupNames, { body }: Module): void {
  const values = [
    ...keys.map(key => js`group.${key}`),
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
  const { rowOf, keys } = names
  const title = 'Tells the groups whose window is complete.'
  const item = js`group`
  const told = js`[${keys.map(key => js`group.${key}`)}]`
  emitClosing(names, { title, item, told, row: js`${rowOf}(group)` }, module, shared)
}

/** What has become of the groups that changed since the last barrier. */
function emitChanges(names: GroupNames, module: Module, shared: SharedNames): void {
  const { stage, state, tell, rowOf, changed, row, rows } = names
  const { name: what, schema, columns, steps } = stage
  const { body } = module
  emitChanged({ what, schema, columns, steps, changed, row, rows }, module, shared)
  body.comment(`Tells what has become of the groups that changed.`)
  body.block(js`function ${tell}(): void`, () => {
    if (stage.keys.length === 0) {
      body.comment('Without keys there is one group, also of no rows.')
      body.line(
        js`if (${state}.find(null, 0) === undefined) ${state}.touch(${state}.add(0, new ${names.group}()))`
      )
    }
    body.block(js`for (const group of ${state}.changed())`, () => {
      body.line(js`const { told } = group`)
      const isEmpty = stage.retracts && stage.keys.length > 0
      body.line(js`${rows}.row = [${names.keys.map(key => js`group.${key}`)}]`)
      const made = js`${module.use('viewAfter')}(${rowOf}, group, ${rows})`
      body.line(
        isEmpty ? js`const now = group.rows === 0 ? null : ${made}` : js`const now = ${made}`
      )
      body.line(js`group.told = now`)
      const same = js`${module.use('sameRow')}(told, now)`
      body.line(
        js`if (!${same}) ${changed}(told === null ? 'c' : now === null ? 'd' : 'u', told, now)`
      )
      if (isEmpty) body.line(js`if (group.rows === 0) ${state}.remove(group)`)
    })
  })
}
