import { js, type Code } from '../code/index.ts'
import type { GroupStage } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { closesAt } from './emit-closing.ts'
import { emitGroupKey } from './emit-count.ts'
import { emitNumbers } from './emit-packed.ts'
import type { GroupNames } from './group-names.ts'
import { type Module, placeOf } from './module.ts'
import { simpleValue, type Value } from './value.ts'

/** A saved group is a tuple: keys, how many rows count where rows may leave, then each aggregate's fields. */
export function emitDefinition(names: GroupNames, module: Module): void {
  const { stage, group, definition, keys } = names
  const { body } = module
  const type = names.packed === null ? js`GroupDefinition<${group}>` : js`PackedDefinition`
  module.useType(names.packed === null ? 'GroupDefinition' : 'PackedDefinition')
  const keyValues = keys.map((_, i) => simpleValue(savedKey(i, stage.keys[i]!, module), 'null'))
  const others = [...keys.keys()].filter(index => index !== stage.window?.key)
  const key = emitGroupKey(
    others.map(i => keyValues[i]!),
    others.map(i => stage.keys[i]!),
    { module }
  )
  const { window } = stage
  body.block(js`const ${definition}: ${type} =`, () => {
    body.line(js`name: ${stage.name},`)
    body.line(js`layout: ${layoutOf(stage)},`)
    body.line(js`keys: ${keys.length},`)
    body.line(js`columns: [${stage.schema.columns.map(({ name }) => js`${name}`)}],`)
    body.line(js`sources: [${stage.sources.map(name => js`${name}`)}],`)
    if (names.packed === null) emitKept(names, keyValues, module)
    else {
      emitNumbers(names, names.packed, module)
      body.line(js`tells: ${stage.emission === 'changes'},`)
    }
    const at = window === null ? null : keyValues[window.key]!.code
    body.line(at === null ? js`windowOf: () => null,` : js`windowOf: saved => ${at},`)
    body.line(others.length === 0 ? js`keyOf: () => ${key},` : js`keyOf: saved => ${key},`)
    if (names.packed === null) body.line(js`expires: ${stage.ttl !== null},`)
    body.line(js`closesAt: ${closesAt(window, module)},`)
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

/** How a group becomes a tuple, and a group again. */
function emitKept(names: GroupNames, keyValues: readonly Value[], module: Module): void {
  const { stage, group, keys } = names
  const { body } = module
  const parts = savedParts(names, module)
  const all = [...keys.map(field => js`group.${field}`), ...parts.map(part => part.save)]
  body.line(js`save: group => [${all}],`)
  body.line(js`sets: ${emitSets(names)},`)
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
}

/** The value that a saved group has at a place. */
export function savedKey(
  index: number,
  { type, nullable }: GroupStage['keys'][number],
  module: Module
): Code {
  return js`saved[${index}] as ${module.type(type, nullable)}`
}

/** What a group keeps beside its keys, as it is saved. */
export interface SavedPart {
  readonly target: Code
  readonly save: Code
  load(code: Code): Code
}

/** In the order in which a saved group has them. */
export function savedParts({ stage, aggregates }: GroupNames, module: Module): SavedPart[] {
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
    // Of rows that never leave each value is written when it is new, apart from its group.
    if (distinct === null || !stage.retracts) return own
    const load = (code: Code): Code => js`${module.use('ValueBag')}.load(${code})`
    return [...own, { target: distinct, save: js`group.${distinct}.save()`, load }]
  })
  return stage.retracts ? [rows, ...parts] : parts
}

/** The function that gives what is written apart from a group. */
export function emitSets({ stage, aggregates }: GroupNames): Code {
  const fields = aggregates.flatMap(({ distinct }) => distinct ?? [])
  if (stage.retracts || fields.length === 0) return js`null`
  return js`group => [${fields.map(field => js`group.${field}`)}]`
}

/** What a saved group holds, in words: another list is another state. */
export function layoutOf({ keys, aggregates, retracts, slices }: GroupStage): string {
  const calls = aggregates.map(({ name, args, distinct }) => {
    const types = args.map(arg => showType(arg.type)).join(', ')
    const values = retracts ? 'DISTINCT' : 'DISTINCT apart'
    return `${name}(${distinct ? `${values} ` : ''}${types})`
  })
  const types = keys.map(({ type }) => showType(type))
  const place = slices === null ? [] : ['in slices']
  return [...types, retracts ? 'changes' : 'rows', ...calls, ...place].join('; ')
}
