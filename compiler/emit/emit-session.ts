import { js, type Code } from '../code/index.ts'
import type { GroupSession, StepOf } from '../ir/index.ts'
import { giveWay } from './emit-closing.ts'
import { emitArguments, emitGroupKey, emitKeys, emitOne } from './emit-count.ts'
import { emitSets, layoutOf, savedKey, savedParts } from './emit-group-definition.ts'
import { bindSimple, type FunctionContext } from './function-context.ts'
import { type GroupNames, keyValues, storedKeys } from './group-names.ts'
import { type Module, placeOf } from './module.ts'
import { simpleValue, type Value } from './value.ts'

/** A saved group is a tuple: see SessionDefinition. */
export function emitSessionDefinition(
  names: GroupNames,
  session: GroupSession,
  module: Module
): void {
  const { stage, group, definition, keys } = names
  const { body } = module
  module.useType('SessionDefinition')
  const parts = savedParts(names, module)
  const stored = storedKeys(stage)
  const values = stored.map((i, place) =>
    simpleValue(savedKey(place + 1, stage.keys[i]!, module), 'null')
  )
  const lag = stage.window === null ? js`Infinity` : js`${stage.window.lag - 1}`
  const { partition, others } = splitKeys(stored, session)
  const keyOf = (indexes: readonly number[]): Code =>
    emitGroupKey(
      indexes.map(i => values[stored.indexOf(i)]!),
      indexes.map(i => stage.keys[i]!),
      { module }
    )
  const given = (indexes: readonly number[]): Code => (indexes.length === 0 ? js`()` : js`saved`)
  body.block(js`const ${definition}: SessionDefinition<${group}> =`, () => {
    body.line(js`name: ${stage.name},`)
    body.line(js`layout: ${`${layoutOf(stage)}; session of ${session.gap} ms`},`)
    body.line(js`keys: ${stored.length + 1},`)
    body.line(js`columns: [${stage.schema.columns.map(({ name }) => js`${name}`)}],`)
    body.line(js`sources: [${stage.sources.map(name => js`${name}`)}],`)
    body.line(js`gap: ${session.gap},`)
    body.line(js`lag: ${lag},`)
    const all = [
      js`group.session.id`,
      ...stored.map(i => js`group.${keys[i]!}`),
      ...[js`group.first`, js`group.last`, js`group.arrival`],
      ...parts.map(part => part.save)
    ]
    const behind = all.length - parts.length
    body.line(js`save: group => [${all}],`)
    body.line(js`sets: ${emitSets(names)},`)
    body.nest(
      js`load(session, saved) {`,
      () => {
        if (parts.length + stored.length === 0) body.line(js`void saved`)
        body.line(js`const group = new ${group}(${[js`session`, ...values.map(v => v.code)]})`)
        parts.forEach(({ target, load }, i) =>
          body.line(js`group.${target} = ${load(js`saved[${behind + i}]`)}`)
        )
        body.line(js`return group`)
      },
      js`},`
    )
    body.line(js`partitionOf: ${given(partition)} => ${keyOf(partition)},`)
    body.line(js`keyOf: ${given(others)} => ${keyOf(others)},`)
    emitMerge(names, module)
    const view = js`${module.use('viewBefore')}(${names.rowOf}, group)`
    body.line(
      stage.emission === 'close'
        ? js`retell: null,`
        : js`retell: group => { group.told = ${view} },`
    )
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

/** Keys that tell partitions apart, and those that tell groups of one session apart. */
function splitKeys(
  stored: readonly number[],
  { partition }: GroupSession
): { readonly partition: readonly number[]; readonly others: readonly number[] } {
  return { partition, others: stored.filter(key => !partition.includes(key)) }
}

/** `merge`: counts into a group what is in another. */
export function emitMerge({ aggregates }: GroupNames, { body }: Module): void {
  const into = (field: Code): Code => js`into.${field}`
  const from = (field: Code): Code => js`from.${field}`
  if (aggregates.length === 0) return body.line(js`merge() {},`)
  const write = (): void => {
    for (const { accumulator, fields, distinct } of aggregates) {
      if (distinct === null) {
        const lines = accumulator.merge(fields.map(into), fields.map(from))
        lines.forEach(line => body.line(line))
        continue
      }
      body.block(js`for (const _value of ${into(distinct)}.mergeNew(${from(distinct)}))`, () =>
        accumulator.add(fields.map(into), [js`_value`]).forEach(line => body.line(line))
      )
    }
  }
  body.nest(js`merge(into, from) {`, write, js`},`)
}

/** The keys that a group keeps, and the time of the row. */
export interface SessionKeys {
  /** By index among the keys. */
  readonly keys: ReadonlyMap<number, Value>
  readonly time: Value
}

export function emitSessionKeys(
  { keys }: StepOf<'Aggregate'>,
  session: GroupSession,
  cx: FunctionContext
): SessionKeys {
  const stored = storedKeys({ keys, session, slices: null })
  const values = emitKeys(
    [...stored, session.start].map(i => keys[i]!),
    cx
  )
  return { keys: new Map(stored.map((i, place) => [i, values[place]!])), time: values.at(-1)! }
}

/** Counts the row into its session, which is made, grown or put together for it. */
export function emitSessionCount(
  { keys: exprs, aggregates }: StepOf<'Aggregate'>,
  session: GroupSession,
  { keys, time }: SessionKeys,
  names: GroupNames,
  cx: FunctionContext
): void {
  const { out, scope } = cx
  const { state } = names
  // Everything that can fail is computed before a session changes.
  const counted = aggregates.map(call => emitArguments(call, cx))
  const { partition, others } = splitKeys([...keys.keys()], session)
  const keyOf = (indexes: readonly number[]): Value => {
    const values = indexes.map(i => keys.get(i)!)
    const types = indexes.map(i => exprs[i]!)
    return bindSimple(
      { code: emitGroupKey(values, types, cx), nulls: 'never', simple: values.length < 2 },
      cx,
      'key'
    )
  }
  const key = keyOf(others).code
  const found = scope.name('session')
  const group = scope.name('group')
  out.line(js`const ${found} = ${state}.enter(${keyOf(partition).code}, ${time.code})`)
  const made = js`new ${names.group}(${[found, ...[...keys.values()].map(({ code }) => code)]})`
  out.line(js`const ${group} = ${state}.find(${found}, ${key}) ?? ${state}.add(${key}, ${made})`)
  out.line(js`${state}.count(${group}, ${time.code})`)
  const arrival = js`${group}.arrival`
  names.aggregates.forEach((one, i) => {
    const { test, args } = counted[i]!
    const given = one.accumulator.ordered === true ? [...args, arrival] : args
    emitOne(one, { test, args: given }, group, 'add', cx)
  })
}

/** A session that is told under another key than before leaves and comes. */
export function emitSessionChanges(
  names: GroupNames,
  { identity }: GroupSession,
  made: Code,
  module: Module
): void {
  const { state, changed, rows } = names
  const { body } = module
  const gone = js`for (const row of ${state}.takeGone()) ${changed}('d', row, null)`
  body.line(gone)
  body.line(js`let seen = 0`)
  body.block(js`for (const group of ${state}.changed())`, () => {
    body.line(giveWay(js`seen`, module))
    body.line(js`const { told } = group`)
    body.line(js`${rows}.row = [${keyValues(names, js`group`)}]`)
    body.line(js`const now = ${made}`)
    body.line(js`group.told = now`)
    body.line(js`if (${module.use('sameRow')}(told, now)) continue`)
    const isSame = js`told === null || now === null || told[${identity}] === now[${identity}]`
    body.if(
      isSame,
      () => body.line(js`${changed}(told === null ? 'c' : now === null ? 'd' : 'u', told, now)`),
      () => {
        body.line(js`${changed}('d', told, null)`)
        body.line(js`${changed}('c', null, now)`)
      }
    )
  })
}
