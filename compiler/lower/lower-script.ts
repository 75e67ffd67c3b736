import type { Fragment, Program, StreamGraph } from '../ir/index.ts'
import type { Session } from '../session.ts'
import { checkBackend } from './check-backend.ts'
import { lowerFragments } from './lower-fragments.ts'
import { lowerGraph } from './lower-graph.ts'

export interface LoweredScript {
  /** All of it, as if it ran in one part: what it does, whoever does it. */
  readonly program: Program
  /** The parts that it runs in; none: it runs as it is. */
  readonly fragments: readonly Fragment[]
}

/** Stream graph to what runs: without state a pipeline needs no parts, any number of processes share its partitions. */
export function lowerScript(graph: StreamGraph, session: Session): LoweredScript {
  const program = lowerGraph(graph, session)
  checkBackend(program, session)
  const { parallelism } = graph.script.settings
  const isWhole = parallelism === 1 || session.options.isWhole === true
  if (isWhole || program.stages.length + program.tables.length === 0) {
    return { program, fragments: [] }
  }
  const fragments = lowerFragments(graph, session)
  const tasksOf = new Map(fragments.map(({ stage, tasks }) => [stage, tasks]))
  const stages = program.stages.map(stage =>
    Object.freeze({ ...stage, tasks: tasksOf.get(stage.name) ?? 1 })
  )
  return { program: Object.freeze({ ...program, stages }), fragments }
}
