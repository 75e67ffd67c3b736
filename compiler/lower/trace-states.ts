import type { Program, StateTrace, StateWay, Step } from '../ir/index.ts'
import { pruneSteps } from './prune.ts'

/** How rows come into each table and stage of a program. */
export function traceStates({ tasks, tables, stages }: Program): readonly StateTrace[] {
  const ways = new Map<string, StateWay[]>()
  const trace = (
    from: (columns: readonly number[]) => StateWay['from'],
    steps: readonly Step[]
  ) => {
    for (const way of waysOf(steps)) {
      const last = way.at(-1)!
      const name = stateOf(last)
      if (name === null) continue
      const pruned = pruneSteps([chain(way)])
      const found = { from: from(pruned.columns), steps: flatten(pruned.steps[0]!) }
      ways.set(name, [...(ways.get(name) ?? []), found])
    }
  }
  for (const { source, decoder, steps } of tasks) {
    const read = (columns: readonly number[]) =>
      columns.map(index => decoder.columns[index]!.column)
    trace(columns => ({ kind: 'Source', source, columns: read(columns) }), steps)
  }
  for (const { table, steps } of tables) trace(() => ({ kind: 'State', name: table.name }), steps)
  for (const { name, steps } of stages) trace(() => ({ kind: 'State', name }), steps)
  const own = (name: string): readonly StateWay[] => ways.get(name) ?? []
  return [
    ...tables.map(({ table: { name } }) => ({ name, stage: null, ways: own(name) })),
    ...stages.map(stage => ({ name: stage.name, stage, ways: own(stage.name) }))
  ]
}

/** Every path through a tree of steps, to its leaves. */
function waysOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  return steps.flatMap(step =>
    'steps' in step ? waysOf(step.steps).map(way => [step, ...way]) : [[step]]
  )
}

function stateOf(step: Step): string | null {
  if (step.kind === 'Store') return step.table.name
  return 'stage' in step ? step.stage : null
}

/** A path as a tree without branches. */
function chain([step, ...rest]: readonly Step[]): Step {
  return rest.length === 0 ? step! : ({ ...step!, steps: [chain(rest)] } as Step)
}

function flatten(step: Step): readonly Step[] {
  return 'steps' in step ? [step, ...flatten(step.steps[0]!)] : [step]
}
