import {
  goesByProcessingTime,
  type Place,
  type Program,
  type Stage,
  type StreamNode
} from '../ir/index.ts'

export type Places = ReadonlyMap<StreamNode, Place>

/** Of a stage that runs in a part of its own, of what is not split, and of a table that others have copies of. */
export function describeTasks(
  node: StreamNode,
  { stages, script }: Program,
  place: Place | undefined
): string[] {
  if (script.settings.parallelism === 1) return []
  const isShown = node.kind === 'Source' || node.kind === 'Table' || 'name' in node
  const undivided = place?.undivided ?? null
  const lines = undivided !== null && isShown ? [`not split, in one task: ${undivided}`] : []
  if (place?.isCopied === true)
    lines.push('copied: whoever looks up in it has all rows, read anew at each start')
  const stage = 'name' in node ? stages.find(({ name }) => name === node.name) : undefined
  return stage === undefined || stage.tasks === null
    ? lines
    : describeStageTasks(stage, place?.isApart === true)
}

function describeStageTasks(stage: Stage, isApart: boolean): string[] {
  const { tasks } = stage
  const why = isApart
    ? 'several would tell of one row, in any order, but where its keys are in the key that its rows have'
    : 'its rows have no key to part them by'
  const inTasks =
    tasks === 1 ? `in 1 task: ${why}` : `in ${tasks} tasks, each with the state of its keys`
  const lines = goesByProcessingTime(stage)
    ? [inTasks, 'time: the lowest of the clocks of all who send rows to them']
    : [inTasks]
  if (stage.kind !== 'Aggregate') return lines
  const { sentAlone } = stage
  return [
    ...lines,
    sentAlone === null
      ? 'sent to them: what the rows of a group come to between two commits'
      : `sent to them: each row by itself, since ${sentAlone}`
  ]
}
