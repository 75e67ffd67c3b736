import { type Code, js } from '../code/index.ts'
import type { GroupStage, Stage, TimeColumn } from '../ir/index.ts'
import { emitGroups, emitIdle } from './emit-groups.ts'
import { emitJoin } from './emit-join.ts'
import { type GroupNames, nameGroups } from './group-names.ts'
import { emitOverStage } from './emit-over.ts'
import { emitTop } from './emit-top.ts'
import { type JoinNames, nameJoin } from './join-names.ts'
import type { Module } from './module.ts'
import { nameOver, type OverNames } from './over-names.ts'
import type { SharedNames } from './task-context.ts'
import { nameTop, type TopNames } from './top-names.ts'

export type AnyStageNames = GroupNames | JoinNames | OverNames | TopNames

export function nameStage(stage: Stage, module: Module): AnyStageNames {
  switch (stage.kind) {
    case 'Aggregate':
      return nameGroups(stage, module)
    case 'Join':
      return nameJoin(stage, module)
    case 'TopN':
      return nameTop(stage, module)
    case 'Over':
      return nameOver(stage, module)
  }
}

export function emitStage(names: AnyStageNames, module: Module, shared: SharedNames): void {
  if (isJoin(names)) emitJoin(names, module, shared)
  else if (isTop(names)) emitTop(names, module, shared)
  else if (isOver(names)) emitOverStage(names, module, shared)
  else emitGroups(names, module, shared)
}

function isJoin(names: AnyStageNames): names is JoinNames {
  return names.stage.kind === 'Join'
}

function isTop(names: AnyStageNames): names is TopNames {
  return names.stage.kind === 'TopN'
}

function isOver(names: AnyStageNames): names is OverNames {
  return names.stage.kind === 'Over'
}

/** The statements that tell what time completes, and free what it lets go. */
export function closeStage(names: AnyStageNames, module: Module): readonly Code[] {
  if (isJoin(names)) {
    const { left, right, asOf } = names.stage
    const expire = (): Code => {
      const marks = [watermarkOf(left.clocks, right.clocks), watermarkOf(right.clocks, left.clocks)]
      if (asOf !== null) return js`yield* ${names.state}.expire(${marks})`
      return js`yield* ${module.use('expireJoin')}(${[names.state, ...marks]})`
    }
    return [
      ...(left.time === null ? [] : [expire()]),
      ...[left, right].flatMap(({ ttl }, side) =>
        ttl === null ? [] : [js`yield* ${names.state}.forget(${side}, cx.elapsed())`]
      )
    ]
  }
  if (isTop(names)) {
    const { stage, tell } = names
    return stage.emission === 'changes'
      ? []
      : [js`yield* ${tell}(${clockOf(stage.window, stage.clocks)})`]
  }
  if (isOver(names)) {
    const { stage, tell } = names
    const idle = stage.ttl === null ? [] : [js`cx.elapsed()`]
    return [js`yield* ${tell}(${[clockOf(stage.over.time, stage.clocks), ...idle]})`]
  }
  const { stage, tell } = names
  if (stage.ttl !== null) return [emitIdle(names, stage.ttl, module)]
  return stage.emission === 'changes' ? [] : [js`yield* ${tell}(${timeOf(stage)})`]
}

/** The time that completes or frees groups. */
function timeOf(stage: GroupStage): Code {
  if (stage.ttl !== null) return js`cx.elapsed()`
  return stage.window === null ? js`` : clockOf(stage.window, stage.clocks)
}

/** The time that a stage goes by. */
function clockOf(time: Pick<TimeColumn, 'clock'> | null, clocks: readonly string[]): Code {
  if (time?.clock !== 'processing') return watermarkOf(clocks)
  return clocks.length === 0 ? js`cx.now()` : js`cx.processed(${listOf(clocks)})`
}

function listOf(names: readonly string[]): Code {
  return js`[${names.map(name => js`${name}`)}]`
}

/** The watermark of some sources; where all of them are silent, that of those beside them. */
function watermarkOf(sources: readonly string[], beside: readonly string[] = []): Code {
  return beside.length === 0
    ? js`cx.watermark(${listOf(sources)})`
    : js`cx.watermark(${[listOf(sources), listOf(beside)]})`
}

/** The statement that tells what has become of rows since the last barrier; null: changes are told as they come. */
export function tellStage(names: AnyStageNames): Code | null {
  if (isJoin(names) || isOver(names)) return null
  if (isTop(names)) return names.stage.emission === 'changes' ? js`yield* ${names.tell}()` : null
  const { stage, tell } = names
  return stage.emission === 'changes' ? js`yield* ${tell}(${timeOf(stage)})` : null
}
