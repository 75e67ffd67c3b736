import { type Code, js } from '../code/index.ts'
import { invariant, type JoinSide, type StepOf } from '../ir/index.ts'
import { emitHead, emitKeyOf } from './emit-join-side.ts'
import type { FunctionContext } from './function-context.ts'
import type { JoinNames } from './join-names.ts'
import { type Module, placeOf } from './module.ts'
import { withNull } from './value.ts'

/** What is known of rows that wait for what was valid at their time, and of that. */
export function emitAsOfDefinition(names: JoinNames, layout: string, module: Module): void {
  const { stage, definition, left, right, meets, told } = names
  const { body } = module
  const { condition, asOf, join } = stage
  body.block(js`const ${definition}: AsOfDefinition<${left}, ${right}> =`, () => {
    emitHead(stage, layout, module)
    emitSide('left', stage.left, names, module)
    emitSide('right', stage.right, names, module)
    body.line(js`strict: ${asOf!.strict},`)
    body.line(js`outer: ${join === 'LEFT'},`)
    body.line(js`meets: ${condition === null ? js`() => true` : meets},`)
    body.line(js`told: ${told},`)
    body.line(js`line: ${placeOf(stage.span).line}`)
  })
}

function emitSide(
  name: 'left' | 'right',
  { schema, keys, time }: JoinSide,
  names: JoinNames,
  module: Module
): void {
  invariant(time !== null, 'both sides have a time')
  const { body } = module
  const write = (): void => {
    // A row without a time has a key all the same: a version of its row may be deleted.
    emitKeyOf({ schema, keys, time: null }, names[name], module)
    body.line(js`timeOf: row => row[${time.column}],`)
    body.line(js`lag: ${time.lag}`)
  }
  body.nest(js`${name === 'left' ? js`left` : js`right`}: {`, write, js`},`)
}

/** Whether a step brings what is valid from a time on. */
export function isVersion({ side }: StepOf<'Join'>, { stage }: JoinNames): boolean {
  return stage.asOf !== null && side === 'right'
}

/** The statement that adds what is valid from a time on. */
export function addVersion(
  { mark }: StepOf<'Join'>,
  { state }: JoinNames,
  tuple: Code,
  cx: FunctionContext
): Code {
  const { module, row } = cx
  const known = mark === null ? cx.watermark : js`${withNull(row[mark]!)} ?? -Infinity`
  // A row that comes from no record is never behind the watermark of its partition.
  return js`${module.use('addVersion')}(${[state, tuple, known ?? js`-Infinity`]})`
}

/** The statement that ends what is valid of a key, at the time of a record. */
export function endVersion({ state }: JoinNames, key: Code, clock: Code, module: Module): Code {
  return js`${module.use('endVersion')}(${[state, key, ...timeOfRecord(clock)]})`
}

/** The statement that ends all that is valid, at the time of a record. */
export function endVersions({ state }: JoinNames, clock: Code): Code {
  return js`${state}.endVersions(${timeOfRecord(clock)})`
}

/** Its own time is all that a delete has; it tells the clock nothing. */
function timeOfRecord(clock: Code): readonly [time: Code, mark: Code] {
  return [js`batch.timestamp[i]!`, js`${clock}.observe(batch.partition[i]!, NaN)`]
}
