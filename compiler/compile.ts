import { parseScript } from './parse/index.ts'
import { bindScript } from './bind/index.ts'
import { planScript } from './plan/index.ts'
import { optimizeGraph } from './optimize/index.ts'
import { lowerGraph } from './lower/index.ts'
import { emitProgram } from './emit/index.ts'
import { explainGraph } from './explain/index.ts'
import { hasErrors, type Session } from './session.ts'
import type { StreamGraph } from './ir/index.ts'
import type { EmittedPipeline } from './emit/index.ts'

export interface Compiled {
  readonly graph: StreamGraph
  readonly pipeline: EmittedPipeline
}

/** Script to dataflow graph; null when the script has errors. Diagnostics are collected in the session. */
export function analyzeScript(session: Session): StreamGraph | null {
  const script = parseScript(session)
  if (hasErrors(session)) return null
  const bound = bindScript(script, session)
  if (hasErrors(session)) return null
  const graph = planScript(bound, session)
  if (hasErrors(session)) return null
  return session.options.optimize ? optimizeGraph(graph, session) : graph
}

/** Script to TypeScript; null when the script has errors. `bundle` makes files of the result. */
export function compileScript(session: Session): Compiled | null {
  const graph = analyzeScript(session)
  if (graph === null) return null
  const program = lowerGraph(graph, session)
  const pipeline = emitProgram(program, explainGraph(graph, program), session)
  return hasErrors(session) ? null : { graph, pipeline }
}
