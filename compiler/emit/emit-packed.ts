import { js, type Code } from '../code/index.ts'
import type { PackedPlace } from '../functions/index.ts'
import { type CountInto, emitIf } from './emit-count.ts'
import { giveWay, tellChange } from './emit-closing.ts'
import type { FunctionContext } from './function-context.ts'
import type { GroupNames, PackedNames } from './group-names.ts'
import type { Module } from './module.ts'
import type { Value } from './value.ts'

/** How a row comes into its group: what finds it, what tells it from others, its keys, and what is counted. */
interface PackedCount {
  readonly found: Code
  readonly key: Code
  readonly keys: readonly Value[]
  readonly count: (into: CountInto) => void
}

/** Counts the row into a group that is numbers in an array: see runtime/state/packed-state.ts. */
export function emitPackedCount(
  names: GroupNames,
  packed: PackedNames,
  { found, key, keys, count }: PackedCount,
  cx: FunctionContext
): void {
  const { out, scope, module } = cx
  const { state, stage } = names
  const at = scope.name('at')
  out.line(js`let ${at} = ${found}`)
  const add = js`${state}.add(${[key, ...keys.map(({ code }) => code)]})`
  out.line(js`if (${at} < 0) ${at} = ${add}`)
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
    count: (nth, { test, args }) => emitIf(test, fields[nth]![direction]!(places[nth]!, args), cx),
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
  body.line(js`tells: ${stage.emission === 'changes'},`)
}

/** The function that makes the row of the group at a place. */
export function emitPackedRow(names: GroupNames, packed: PackedNames, module: Module): void {
  const { row, rowOf, state, stage, aggregates } = names
  const { body } = module
  const keys = stage.keys.map(
    ({ type, nullable }, i) => js`${state}.keyAt(${i}) as ${module.type(type, nullable)}`
  )
  const places = placesOf(packed, state, js`at`, js`numbers`)
  const values = aggregates.map(({ accumulator }, i) =>
    accumulator.result(
      places[i]!.map(({ at, number }, nth) => {
        const { kind, type } = packed.fields[i]!.fields[nth]!
        if (type === null) return number
        return js`(${state}.valueAt(${at}) as ${module.type(type, kind === 'value')})`
      })
    )
  )
  const looksAtNumbers = packed.fields.some(one => one.fields.some(({ type }) => type === null))
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
