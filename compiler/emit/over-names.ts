import { type Code, js, makeCode, makeScope, pascalCase } from '../code/index.ts'
import { findWindowFunction } from '../functions/index.ts'
import { type OverFrame, type OverStage, readsFrame, type WindowCall } from '../ir/index.ts'
import { type AggregateNames, nameAggregate } from './group-names.ts'
import type { Module } from './module.ts'
import type { ToldNames } from './stage-names.ts'

/** What the rows of a stage that window functions are over are called in generated code. */
export interface OverNames extends ToldNames {
  readonly stage: OverStage
  /** The type of a row that is kept, and of one that is told. */
  readonly kept: Code
  readonly row: Code
  /** The function that makes the one of the other. */
  readonly rowOf: Code
  /** The function that orders rows. */
  readonly compare: Code
  readonly frames: readonly FrameNames[]
}

/** The calls that have one frame. */
export interface FrameNames {
  readonly frame: OverFrame
  readonly calls: readonly WindowCall[]
  readonly aggregates: readonly WindowCall[]
  /** The class of what aggregates count, its fields for each of them, and how it counts. */
  readonly counted: Code
  readonly fields: readonly AggregateNames[]
  readonly counts: Code
}

export function nameOver(stage: OverStage, module: Module): OverNames {
  const { scope } = module
  const { name } = stage
  const type = (hint: string): Code => makeCode(pascalCase(scope.name(hint).text))
  const kept = type(`${name} row`)
  const stateClass = module.use('OverState')
  return {
    stage,
    stateClass,
    stateType: js`${stateClass}<${kept}>`,
    kept,
    row: type(`${name} told`),
    rowOf: scope.name(`row of ${name}`),
    compare: scope.name(`order ${name}`),
    state: scope.name(name),
    definition: scope.name(`${name} definition`),
    rows: scope.name(`${name} rows`),
    tell: scope.name(`tell ${name}`),
    frames: framesOf(stage.over.calls).map(calls => nameFrame(name, calls, module))
  }
}

/** Calls that read a frame, those of one frame together. */
function framesOf(calls: readonly WindowCall[]): readonly (readonly WindowCall[])[] {
  const framed = calls.filter(({ call }) => readsFrame(call.name))
  const idOf = ({ frame: { unit, start, end } }: WindowCall): string =>
    [unit, start, end].map(String).join(' ')
  return [...Map.groupBy(framed, idOf).values()]
}

function nameFrame(name: string, calls: readonly WindowCall[], module: Module): FrameNames {
  const { scope } = module
  const { frame } = calls[0]!
  const aggregates = calls.filter(({ call }) => findWindowFunction(call.name) === null)
  const fields = makeScope()
  return {
    frame,
    calls,
    aggregates,
    counted: makeCode(pascalCase(scope.name(`${name} frame`).text)),
    counts: scope.name(`${name} counts`),
    fields: aggregates.map(({ call }) => {
      // A frame that has a beginning goes on behind its oldest row.
      const retracts = frame.start === null ? false : 'oldest'
      return nameAggregate(call, retracts, fields, module)
    })
  }
}
