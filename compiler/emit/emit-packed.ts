import { js, type Code } from '../code/index.ts'
import type { PackedField, PackedPlace } from '../functions/index.ts'
import type { GroupStage } from '../ir/index.ts'
import { type CountInto, emitIf } from './emit-count.ts'
import { giveWay, tellChange } from './emit-closing.ts'
import type { FunctionContext } from './function-context.ts'
import { type GroupNames, type PackedNames, storedKeys } from './group-names.ts'
import { loopScope } from './loop-scope.ts'
import type { Module } from './module.ts'

/** How a row comes into its group: what finds it, what adds it where there is none, and what is counted. */
interface PackedCount {
  readonly found: Code
  readonly added: Code
  readonly count: (into: CountInto) => void
}

/** Counts the row into a group that is numbers in an array: see runtime/state/packed-state.ts. */
export function emitPackedCount(
  names: GroupNames,
  packed: PackedNames,
  { found, added, count }: PackedCount,
  cx: FunctionContext
): void {
  const { out, scope, module } = cx
  const { stage } = names
  const at = scope.name('at')
  out.line(js`let ${at} = ${found}`)
  out.line(js`if (${at} < 0) ${at} = ${added}`)
  if (stage.emission === 'changes') out.line(js`else ${remember(names, module)}`)
  emitChange(names, packed, { at, direction: 'add', count }, cx)
}

/** Takes the row away from its group. */
export function emitPackedRemoval(
  names: GroupNames,
  packed: PackedNames,
  { found, count }: Pick<PackedCount, 'found' | 'count'>,
  cx: FunctionContext
): void {
  const { out, scope, module } = cx
  const at = scope.name('at')
  out.line(js`const ${at} = ${found}`)
  out.if(js`${at} >= 0`, () => {
    out.line(remember(names, module))
    emitChange(names, packed, { at, direction: 'remove', count }, cx)
  })
}

/** What was told of the group that is looked at is kept before its first change. */
function remember({ state, rowOf }: GroupNames, module: Module): Code {
  const row = js`${module.use('viewBefore')}(${rowOf}, ${state}.place)`
  return js`if (${state}.isTold) ${state}.remember(${row})`
}

interface PackedChange extends Pick<PackedCount, 'count'> {
  readonly at: Code
  readonly direction: 'add' | 'remove'
}

function emitChange(
  { state, stage, aggregates }: GroupNames,
  packed: PackedNames,
  { at, direction, count }: PackedChange,
  cx: FunctionContext
): void {
  const { out, scope } = cx
  out.line(js`${state}.touch()`)
  if (aggregates.length === 0 && !stage.retracts) return
  const numbers = scope.name('numbers')
  out.line(js`const ${numbers} = ${state}.numbers`)
  if (stage.retracts) out.line(js`${numbers}[${at}]!${direction === 'add' ? js`++` : js`--`}`)
  count(intoNumbers(packed, placesOf(packed, state, at, numbers), direction, cx))
}

/** Where the fields of each aggregate are. */
function placesOf(
  { fields, offsets }: PackedNames,
  state: Code,
  first: Code,
  numbers: Code
): PackedPlace[][] {
  return fields.map(({ fields: all }, i) =>
    all.map((_, nth) => {
      const offset = offsets[i]! + nth
      const at = offset === 0 ? first : js`${first} + ${offset}`
      return { state, at, number: js`${numbers}[${at}]!` }
    })
  )
}

function intoNumbers(
  { fields }: PackedNames,
  places: readonly (readonly PackedPlace[])[],
  direction: 'add' | 'remove',
  cx: FunctionContext
): CountInto {
  return {
    count: (nth, { test, args }) => emitIf(test, fields[nth]![direction](places[nth]!, args), cx),
    merge: (nth, others) => emitIf(null, fields[nth]!.merge(places[nth]!, others), cx)
  }
}

/** What a definition says of the numbers of a group. */
export function emitNumbers(
  { stage }: GroupNames,
  { fields }: PackedNames,
  { body }: Module
): void {
  const kinds = fields.flatMap(one => one.fields.map(({ kind }) => kind))
  const numbers = [...(stage.retracts ? ['number'] : []), ...kinds].map(kind => js`${kind}`)
  body.line(js`numbers: [${numbers}],`)
}

/** `merge`: counts into the group at a place what is in another. One is looked at at a time, so what is in that one is read before. */
export function emitPackedMerge(names: GroupNames, packed: PackedNames, module: Module): void {
  const { state, aggregates } = names
  const { body } = module
  if (aggregates.length === 0) return body.line(js`merge() {},`)
  const scope = loopScope(module)
  for (const name of ['into', 'from', 'at', 'numbers']) scope.exact(name)
  const places = placesOf(packed, state, js`at`, js`numbers`)
  const write = (): void => {
    body.line(js`let at = ${state}.go(from)`)
    body.line(js`let { numbers } = ${state}`)
    const others = packed.fields.map((one, i) =>
      one.fields.map((field, nth) => {
        const other = scope.name(aggregates[i]!.fields[nth]!.text)
        body.line(js`const ${other} = ${readField(field, places[i]![nth]!, module)}`)
        return other
      })
    )
    body.line(js`at = ${state}.go(into)`)
    body.line(js`numbers = ${state}.numbers`)
    packed.fields.forEach((one, i) =>
      one.merge(places[i]!, others[i]!).forEach(line => body.line(line))
    )
  }
  body.nest(js`merge(into, from) {`, write, js`},`)
}

function readField(
  { kind, type }: PackedField,
  { state, at, number }: PackedPlace,
  module: Module
): Code {
  if (type === null) return number
  return js`${state}.valueAt(${at}) as ${module.type(type, kind === 'value')}`
}

/** The keys of the group at `place`, which `close` of a state has given, as its row has them. */
export function packedTold(names: GroupNames, module: Module): Code {
  return names.stage.slices === null
    ? js`${names.state}.keysOf(place)`
    : js`[${packedKeys(names, module)}]`
}

/** The values of the keys of the group that is looked at, as its row has them. */
function packedKeys({ stage, state }: GroupNames, module: Module): Code[] {
  const { keys, slices } = stage
  const read = (place: number, { type, nullable }: GroupStage['keys'][number]): Code =>
    js`${state}.keyAt(${place}) as ${module.type(type, nullable)}`
  if (slices === null) return keys.map((key, i) => read(i, key))
  const stored = storedKeys(stage)
  return keys.map((key, i) => {
    const end = slices.ends.find(one => one.key === i)
    if (end === undefined) return read(stored.indexOf(i) + 2, key)
    const time = js`${state}.keyAt(0) as number`
    return end.shift === 0 ? time : js`(${time}) + ${end.shift}`
  })
}

/** The function that makes the row of the group at a place. */
export function emitPackedRow(names: GroupNames, packed: PackedNames, module: Module): void {
  const { row, rowOf, state, aggregates } = names
  const { body } = module
  const keys = packedKeys(names, module)
  const places = placesOf(packed, state, js`at`, js`numbers`)
  const values = aggregates.map(({ accumulator }, i) => {
    const { fields, result } = packed.fields[i]!
    if (result !== null) return result(places[i]!)
    return accumulator.result(
      places[i]!.map((place, nth) => {
        const value = readField(fields[nth]!, place, module)
        return fields[nth]!.type === null ? value : js`(${value})`
      })
    )
  })
  const looksAtNumbers = packed.fields.some(
    ({ fields, result }) => result === null && fields.some(({ type }) => type === null)
  )
  body.block(js`function ${rowOf}(place: number): ${row}`, () => {
    body.line(aggregates.length === 0 ? js`${state}.go(place)` : js`const at = ${state}.go(place)`)
    if (looksAtNumbers) body.line(js`const { numbers } = ${state}`)
    body.line(js`return [${[...keys, ...values]}]`)
  })
}

/** Tells what has become of each group that changed since the last barrier. */
export function emitPackedChanges(names: GroupNames, made: Code, module: Module): void {
  const { state, changed, rows, row, stage } = names
  const { retracts } = stage
  const { body } = module
  body.line(js`let seen = 0`)
  body.block(js`for (const place of ${state}.changed())`, () => {
    body.line(giveWay(js`seen`, module))
    body.line(js`${rows}.row = ${state}.keysOf(place)`)
    body.line(js`const told = ${state}.tell(place) as ${row} | null`)
    if (retracts) {
      body.line(js`const at = ${state}.go(place)`)
      body.line(js`const isEmpty = ${state}.numbers[at] === 0`)
    }
    body.line(js`const now = ${retracts ? js`isEmpty ? null : ${made}` : made}`)
    body.line(tellChange(changed, module))
    if (retracts) body.line(js`if (isEmpty) ${state}.remove(place)`)
  })
}
