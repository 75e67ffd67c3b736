import { js, makeCode, pascalCase, type Code } from '../code/index.ts'
import type { TopStage } from '../ir/index.ts'
import type { Module } from './module.ts'
import type { ChangedNames } from './stage-names.ts'

/** What the first rows of a stage are called in generated code. */
export interface TopNames extends ChangedNames {
  readonly stage: TopStage
  /** The type of a row that is kept, and of one that is told. */
  readonly kept: Code
  readonly row: Code
  /** The functions that order rows: by all that decides, and by ORDER BY alone. */
  readonly compare: Code
  readonly comparePlaces: Code
}

export function nameTop(stage: TopStage, module: Module): TopNames {
  const { scope } = module
  const { name, top } = stage
  const type = (hint: string): Code => makeCode(pascalCase(scope.name(hint).text))
  const kept = type(`${name} row`)
  const stateClass = module.use('TopState')
  const compare = scope.name(`order ${name}`)
  return {
    stage,
    stateClass,
    stateType: js`${stateClass}<${kept}>`,
    kept,
    row: top.place === null ? kept : type(`${name} place`),
    state: scope.name(name),
    definition: scope.name(`${name} definition`),
    rows: scope.name(`${name} rows`),
    changed: scope.name(`changed ${name}`),
    tell: scope.name(`tell ${name}`),
    compare,
    comparePlaces: top.written === top.order.length ? compare : scope.name(`places of ${name}`)
  }
}
