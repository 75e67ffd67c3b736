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
  const { state, stage, rowOf } = names
  const at = scope.name('at')
  out.line(js`let ${at} = ${found}`)
  const add = js`${state}.add(${[key, ...keys.map(({ code }) => code)]})`
  out.line(js`if (${at} < 0) ${at} = ${add}`)
  if (stage.emission === 'changes') {
    const row = js`${module.use('viewBefore')}(${rowOf}, ${state}.place)`
    out.line(js`else if (${state}.isTold) ${state}.remember(${row})`)
  }
  out.line(js`${state}.touch()`)
  if (names.aggregates.length === 0) return
  const numbers = scope.name('numbers')
  out.line(js`const ${numbers} = ${state}.numbers`)
  const places = placesOf(packed, state, at, numbers)
  count(intoNumbers(packed, places, cx))
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
  cx: FunctionContext
): CountInto {
  return {
    count: (nth, { test, args }) => emitIf(test, fields[nth]!.add(places[nth]!, args), cx),
    merge: (nth, others) => emitIf(null, fields[nth]!.merge(places[nth]!, others), cx)
  }
}

/** What a definition says of the numbers of a group. */
export function emitNumbers(
  { stage }: GroupNames,
  { fields }: PackedNames,
  { body }: Module
): void {
  const numbers = fields.flatMap(one => one.fields).map(({ kind }) => js`${kind}`)
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
  const { state, changed, rows, row } = names
  const { body } = module
  body.line(js`let seen = 0`)
  body.block(js`for (const place of ${state}.changed())`, () => {
    body.line(giveWay(js`seen`, module))
    body.line(js`${rows}.row = ${state}.keysOf(place)`)
    body.line(js`const told = ${state}.tell(place) as ${row} | null`)
    body.line(js`const now = ${made}`)
    body.line(tellChange(changed, module))
  })
}
