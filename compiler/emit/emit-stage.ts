import type { Stage } from '../ir/index.ts'
import { emitGroups } from './emit-groups.ts'
import { emitTop } from './emit-top.ts'
import { type GroupNames, nameGroups } from './group-names.ts'
import type { Module } from './module.ts'
import type { SharedNames } from './task-context.ts'
import { nameTop, type TopNames } from './top-names.ts'

export type NamedStage = GroupNames | TopNames

export function nameStage(stage: Stage, module: Module): NamedStage {
  switch (stage.kind) {
    case 'Aggregate':
      return nameGroups(stage, module)
    case 'TopN':
      return nameTop(stage, module)
  }
}

/** How what a stage keeps is kept, and what follows what it tells. */
export function emitStage(names: NamedStage, module: Module, shared: SharedNames): void {
  if ('group' in names) emitGroups(names, module, shared)
  else emitTop(names, module, shared)
}
