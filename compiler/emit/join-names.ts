import { type Code, js, makeCode, pascalCase } from '../code/index.ts'
import type { JoinStage } from '../ir/index.ts'
import type { Module } from './module.ts'
import type { StageNames } from './stage-names.ts'

/** What a join is called in generated code. */
export interface JoinNames extends StageNames {
  readonly stage: JoinStage
  /** The types of the rows of both sides. */
  readonly left: Code
  readonly right: Code
  /** The type of the rows that it makes, where they change. */
  readonly row: Code
  /** The functions that say whether two rows belong together, and whether they did. */
  readonly meets: Code
  readonly met: Code
  /** The function that makes a row of two, where rows change. */
  readonly pair: Code
  /** The function that is called for each row, or for each change of one. */
  readonly told: Code
}

export function nameJoin(stage: JoinStage, module: Module): JoinNames {
  const { scope } = module
  const { name } = stage
  const target = name.replace(/-join(-\d+)?$/, '$1')
  const type = (hint: string): Code => makeCode(pascalCase(scope.name(hint).text))
  const left = type(`${target} left`)
  const right = type(`${target} right`)
  const isAsOf = stage.asOf !== null
  const stateClass = module.use(isAsOf ? 'AsOfState' : 'JoinState')
  const definitionType = isAsOf
    ? 'AsOfDefinition'
    : stage.appends
      ? 'AppendJoinDefinition'
      : 'ChangingJoinDefinition'
  module.useType(definitionType)
  const meets = scope.name(`${target} meet`)
  return {
    stage,
    stateClass,
    stateType: isAsOf
      ? js`${stateClass}<${left}, ${right}>`
      : js`${stateClass}<${left}, ${right}, ${makeCode(definitionType)}<${left}, ${right}>>`,
    state: scope.name(name),
    definition: scope.name(`${name} definition`),
    rows: scope.name(`${target} rows`),
    left,
    right,
    row: type(`${target} row`),
    meets,
    met: scope.name(`${target} met`),
    pair: scope.name(`pair of ${target}`),
    told: scope.name(`${stage.appends ? 'tell' : 'changed'} ${target}`)
  }
}
