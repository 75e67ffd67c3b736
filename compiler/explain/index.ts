export { describeStates, type StateOrigin } from './describe-states.ts'
import type { Place, Program, StreamGraph, StreamNode } from '../ir/index.ts'
import { describeGraph } from './describe.ts'
import { renderMermaid } from './render-mermaid.ts'
import { renderTree } from './render-tree.ts'

/** The plan in the three forms that `explain` prints. */
export interface Explained {
  readonly text: string
  readonly mermaid: string
  readonly json: string
  /** What is counted in the code: see RowCounts. */
  readonly counters: readonly string[]
  /** What the code says that it is at: see WorkNumbers. */
  readonly work: ReadonlyMap<string, number>
}

export function explainGraph(
  graph: StreamGraph,
  program: Program,
  places: ReadonlyMap<StreamNode, Place>
): Explained {
  const { counters, work, ...plan } = describeGraph(graph, program, places)
  return {
    text: renderTree(plan),
    mermaid: renderMermaid(plan),
    json: JSON.stringify(plan, null, 2) + '\n',
    counters,
    work
  }
}
