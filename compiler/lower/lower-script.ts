import type { Fragment, Place, Program, StreamGraph, StreamNode } from '../ir/index.ts'
import type { Session } from '../session.ts'
import { lowerFragments } from './lower-fragments.ts'
import { lowerGraph } from './lower-graph.ts'

export interface LoweredScript {
  /** All of it, as if it ran in one part: what it does, whoever does it. */
  readonly program: Program
  /** The parts that it runs in; none: it runs as it is. */
  readonly fragments: readonly Fragment[]
  /** See LoweredFragments. */
  readonly places: ReadonlyMap<StreamNode, Place>
}

/** Stream graph to what runs: without state a pipeline needs no parts, any number of processes share its partitions. */
export function lowerScript(graph: StreamGraph, session: Session): LoweredScript {
  const program = lowerGraph(graph, session)
  const { parallelism } = graph.script.settings
  // One that nothing comes into or goes out of has no brokers where tasks could be handed out.
  const isAlone = program.tasks.length + graph.sinks.length === 0
  const isWhole = parallelism === 1 || isAlone || session.options.isWhole === true
  if (isWhole || program.stages.length + program.tables.length === 0) {
    return { program, fragments: [], places: new Map() }
  }
  const { fragments, places } = lowerFragments(graph, session)
  const split = new Map(fragments.flatMap(part => part.program.stages).map(one => [one.name, one]))
  const stages = program.stages.map(stage => {
    const { tasks = null, ...part } = split.get(stage.name) ?? {}
    const sentAlone = 'sentAlone' in part ? part.sentAlone : null
    return Object.freeze(
      'sentAlone' in stage ? { ...stage, tasks, sentAlone } : { ...stage, tasks }
    )
  })
  return { program: Object.freeze({ ...program, stages }), fragments, places }
}
