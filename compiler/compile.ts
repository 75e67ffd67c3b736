import { parseScript, parseTestFile } from './parse/index.ts'
import { bindScript } from './bind/index.ts'
import { asRows, observeTables, planScript } from './plan/index.ts'
import { optimizeGraph } from './optimize/index.ts'
import { lowerGraph, lowerScript, lowerTests, traceStates } from './lower/index.ts'
import { emitPipeline } from './emit/index.ts'
import { describeStates, explainGraph, type StateOrigin } from './explain/index.ts'
import { hasErrors, type Session } from './session.ts'
import type { SourceFile } from './source/index.ts'
import type { BoundScript, BoundTest, StreamGraph } from './ir/index.ts'
import type { EmittedPipeline } from './emit/index.ts'

export interface Compiled {
  readonly graph: StreamGraph
  readonly pipeline: EmittedPipeline
}

/** Script to names resolved and types known, tests included; null when it has errors. */
export function resolveScript(session: Session): BoundScript | null {
  const script = parseScript(session)
  const tests = session.testFile === undefined ? [] : parseTestFile(session.testFile, session)
  if (hasErrors(session)) return null
  const bound = bindScript({ ...script, statements: [...script.statements, ...tests] }, session)
  return hasErrors(session) ? null : bound
}

/** Script to dataflow graph; null when the script has errors. Diagnostics are collected in the session. */
export function analyzeScript(session: Session): StreamGraph | null {
  const script = resolveScript(session)
  return script === null ? null : (planGraph(script, session)?.graph ?? null)
}

interface PlannedGraph {
  /** Before anything is optimised: how the compiler gets at a result does not change what it is. */
  readonly planned: StreamGraph
  readonly graph: StreamGraph
}

function planGraph(script: BoundScript, session: Session): PlannedGraph | null {
  const planned = planScript(script, session)
  if (hasErrors(session)) return null
  return { planned, graph: session.options.optimize ? optimizeGraph(planned, session) : planned }
}

/** Finds everything that is wrong with a script: lowering is the last phase that may object. */
export function checkScript(session: Session): void {
  const graph = analyzeScript(session)
  if (graph !== null) lowerScript(graph, session)
}

/** Script to TypeScript; null when the script has errors. `bundle` makes files of the result. */
export function compileScript(session: Session): Compiled | null {
  const resolved = resolveScript(session)
  const script = resolved !== null && session.options.asRows === true ? asRows(resolved) : resolved
  const planned = script === null ? null : planGraph(script, session)
  return planned === null ? null : emitGraph(planned, session)
}

function emitGraph({ planned, graph }: PlannedGraph, session: Session): Compiled | null {
  const { program, fragments, places } = lowerScript(graph, session)
  if (hasErrors(session)) return null
  const traces = traceStates(planned === graph ? program : lowerGraph(planned, session))
  const explained = { ...explainGraph(graph, program, places), states: describeStates(traces) }
  return { graph, pipeline: emitPipeline(program, fragments, explained, session) }
}

export interface CompiledTests {
  readonly script: BoundScript
  /** The pipeline, with a sink more for every table that a test looks at. */
  readonly pipeline: EmittedPipeline
  /** One per file that has tests: the script, the file beside it, or both. */
  readonly files: readonly CompiledTestFile[]
}
export interface CompiledTestFile {
  readonly file: SourceFile
  readonly tests: readonly BoundTest[]
  /** Writes the rows of the tests' steps. */
  readonly values: EmittedPipeline
}

/** Script to what `miraclec test` runs; null when the script or its tests have errors. */
export function compileTests(session: Session): CompiledTests | null {
  const resolved = resolveScript(session)
  if (resolved === null) return null
  const script = asRows(resolved)
  const graph = planGraph(observeTables(script), session)
  const whole = { ...session, options: { ...session.options, isWhole: true } }
  const compiled = graph === null ? null : emitGraph(graph, whole)
  if (compiled === null) return null
  const files = [session.file, session.testFile].flatMap(file => {
    const tests = script.tests.filter(({ span }) => span.file === file)
    if (file === undefined || tests.length === 0) return []
    const states = new Map<string, StateOrigin>()
    const nothing = { counters: [], work: new Map<string, number>() }
    const plan = { text: '', json: '{}', mermaid: '', states, ...nothing }
    return [
      {
        file,
        tests,
        values: emitPipeline(lowerTests(tests, script), [], plan, { ...session, file })
      }
    ]
  })
  // A sink's key is known from its plan on.
  const sinks = script.sinks.map(
    sink => compiled.graph.sinks.find(node => node.sink.name === sink.name)?.sink ?? sink
  )
  return { script: { ...script, sinks }, pipeline: compiled.pipeline, files }
}
