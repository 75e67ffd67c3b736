import { js, makeCode, makeScope, pascalCase, type Code, type Scope } from '../code/index.ts'
import {
  type Accumulator,
  type AccumulatorContext,
  accumulatorOf,
  countNumbers,
  packGroups,
  type PackedFields
} from '../functions/index.ts'
import type { AggregateCall, GroupStage } from '../ir/index.ts'
import type { Module } from './module.ts'
import type { ChangedNames } from './stage-names.ts'

/** What the groups of a stage are called in generated code. */
export interface GroupNames extends ChangedNames {
  readonly stage: GroupStage
  /** The class of one group. */
  readonly group: Code
  /** The type of its row: keys, then aggregates. */
  readonly row: Code
  /** The function that makes it. */
  readonly rowOf: Code
  /** The fields of the keys. Those that a session gives have none: see `storedKeys`. */
  readonly keys: readonly Code[]
  readonly aggregates: readonly AggregateNames[]
  /** Where groups are numbers in arrays; null: each is an object. */
  readonly packed: PackedNames | null
}

/** The fields of groups that are numbers in arrays. */
export interface PackedNames {
  /** By aggregate. */
  readonly fields: readonly PackedFields[]
  /** Where those of each aggregate begin in a group: behind how many rows it has, where rows may leave. */
  readonly offsets: readonly number[]
}

export interface AggregateNames {
  readonly accumulator: Accumulator
  /** Its fields in the group. */
  readonly fields: readonly Code[]
  /** The field of the values that were there before; null: all count. */
  readonly distinct: Code | null
}

/** What the runtime, or the class of every group, calls its own fields. */
const TAKEN = [
  ...['touched', 'stored', 'rows', 'told'],
  ...['session', 'first', 'last', 'arrival'],
  ...['end', 'whole', 'next']
] as const

export function nameGroups(stage: GroupStage, module: Module): GroupNames {
  const { scope } = module
  const { name, keys, aggregates, schema, retracts } = stage
  // The state is called after its statement's target: `alerts-groups`, its second GROUP BY `alerts-groups-2`.
  const target = name.replace(/-groups(-\d+)?$/, '$1')
  const type = (hint: string): Code => makeCode(pascalCase(scope.name(hint).text))
  const fields = makeScope()
  for (const taken of TAKEN) fields.exact(taken)
  const group = type(`${target} group`)
  const keyFields = keys.map((_, i) => fields.name(schema.columns[i]!.name))
  const named = aggregates.map(call => nameAggregate(call, retracts, fields, module))
  const packed = packNames(stage, module)
  const stateClass = module.use(packed === null ? stateClassOf(stage) : packedClassOf(stage))
  return {
    stage,
    stateClass,
    stateType: packed === null ? js`${stateClass}<${group}>` : stateClass,
    group,
    row: type(`${target} row`),
    rowOf: scope.name(`row of ${target}`),
    state: scope.name(name),
    definition: scope.name(`${name} definition`),
    rows: scope.name(`${target} rows`),
    changed: scope.name(`changed ${target}`),
    tell: scope.name(`tell ${target}`),
    keys: keyFields,
    aggregates: named,
    packed
  }
}

function packNames(stage: GroupStage, { script }: Module): PackedNames | null {
  const fields = packGroups(stage, script.settings)
  if (fields === null) return null
  const offsets = fields.map((_, i) => countNumbers(fields.slice(0, i), stage.retracts))
  return { fields, offsets }
}

function stateClassOf({
  session,
  slices
}: GroupStage): 'GroupState' | 'SessionState' | 'SlicedState' {
  if (session !== null) return 'SessionState'
  return slices === null ? 'GroupState' : 'SlicedState'
}

function packedClassOf({ slices }: GroupStage): 'PackedState' | 'PackedSlices' {
  return slices === null ? 'PackedState' : 'PackedSlices'
}

/** `fields`: the names that the class has already. `retracts`: whether what was counted may leave again. */
export function nameAggregate(
  call: AggregateCall,
  retracts: AccumulatorContext['retracts'],
  fields: Scope,
  module: Module
): AggregateNames {
  const accumulator = accumulatorOf(call, {
    use: module.use,
    constant: module.constant,
    type: module.type,
    site: () => makeCode(String(module.site(call.span))),
    retracts
  })
  return {
    accumulator,
    fields: accumulator.fields.map(({ hint }) =>
      fields.name(accumulator.fields.length === 1 ? call.name : `${call.name} ${hint}`)
    ),
    distinct: call.distinct ? fields.name(`${call.name} distinct`) : null
  }
}

/** The keys that a group keeps: what a session gives is the session's, and what tells windows apart the window's. */
export function storedKeys({
  keys,
  session,
  slices
}: Pick<GroupStage, 'keys' | 'session' | 'slices'>): number[] {
  const all = [...keys.keys()]
  if (slices !== null) return all.filter(key => !slices.ends.some(end => end.key === key))
  if (session === null) return all
  return all.filter(key => ![session.start, session.end, session.time].includes(key))
}

/** The values of a group's keys, as its row has them. */
export function keyValues({ stage, keys }: GroupNames, group: Code): Code[] {
  const { session, slices } = stage
  return keys.map((key, i) => {
    const end = slices?.ends.find(one => one.key === i)
    if (end !== undefined)
      return end.shift === 0 ? js`${group}.end` : js`${group}.end + ${end.shift}`
    if (i === session?.start) return js`${group}.session.first`
    if (i === session?.end) return js`${group}.session.last + ${session.gap}`
    if (i === session?.time) return js`${group}.session.last + ${session.gap - 1}`
    return js`${group}.${key}`
  })
}
