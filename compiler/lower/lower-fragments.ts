import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { parallelismNeeds } from '../diagnostics/plan.ts'
import {
  type BoundScript,
  type Exchange,
  type Fragment,
  goesByProcessingTime,
  type NodeOf,
  type Program,
  type SourceTask,
  type Stage,
  type StreamGraph,
  type StreamNode
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import { whyAlone } from './combine.ts'
import { type CopiedTable, feedOf, lookedUpBy, takeCopies, whyNoCopy } from './copied-tables.ts'
import { lowerExchange, type LoweredExchange } from './lower-exchange.ts'
import {
  type EnterStage,
  findReaders,
  lowerStage,
  lowerTable,
  lowerTask,
  makeFollow,
  origins
} from './lower-graph.ts'
import type { Origins } from './lower-join.ts'
import { planIndexes } from './lookup-indexes.ts'
import { takesOutOfOrder } from './ordered-changes.ts'
import { partitionKeys } from './partition-keys.ts'
import { isStage, type StageNode, stagesOf } from './stage-node.ts'

/** What is sent to the inputs of a stage; of one that is no join both are the same. */
type Sent = Readonly<Record<Side, LoweredExchange>>
type Side = 'left' | 'right'

/**
 * Stream graph to the parts that run by themselves, each before those that read what it writes: one that reads topics that are tables
 * for what is wrong in them, one that reads the script's other sources, and one for each stage. Only for a graph with stages or
 * tables; what can't be split is said in the session.
 */
export function lowerFragments(graph: StreamGraph, session: Session): readonly Fragment[] {
  const { script } = graph
  const reasons = reasonsAgainst(graph)
  session.diagnostics.push(...reasons)
  if (reasons.length > 0) return []
  const readers = findReaders(graph)
  const lookups = planIndexes(readers.keys())
  const sent = new Map<StageNode, Sent>()
  /** What the steps that are being made write. */
  const written = new Set<Exchange>()
  const enter: EnterStage = (node, side) => {
    const { exchange, send } = sent.get(node)![side]
    written.add(exchange)
    return send
  }
  const follow = makeFollow(readers, lookups, enter, session)
  const takeWritten = (): readonly Exchange[] => {
    const taken = [...written]
    written.clear()
    return taken
  }
  const lowerSource = (node: NodeOf<'Source'>): SourceTask => lowerTask(node, follow(node), session)
  const copied = graph.tables.map((node): CopiedTable => {
    const feed = feedOf(node)
    const stored = lowerTable(node, follow(node), lookups)
    return { stored, task: feed === null ? null : lowerSource(feed) }
  })
  const fragments: Fragment[] = []
  const timed = inFrontOf(stagesOf(graph).filter(goesByProcessingTime))
  // From the sinks up: what is sent to a stage depends on what is read behind it.
  for (const node of stagesOf(graph).reverse()) {
    const keys = partitionKeys(node)
    const tasks = keys[0]!.length === 0 ? 1 : script.settings.parallelism
    const stage = inTasks(node, lowerStage(node, follow(node), originsOf(node)), tasks)
    const inputs = sendInputs(node, stage, keys, { script, isTimed: timed.has(node) })
    sent.set(node, inputs)
    const read = [...new Set([inputs.left.task, inputs.right.task])]
    const asked = new Set(lookedUpBy(stage.steps))
    const tables = copied.filter(({ stored }) => asked.has(stored.table.name))
    const program = withCopies(tables, { script, tasks: read, stages: [stage] })
    fragments.push(makeFragment({ stage: stage.name, tasks, program, exchanges: takeWritten() }))
  }
  const sources = [...readers.keys()].filter(
    node => node.kind === 'Source' && node.source.feeds === null
  )
  const tasks = sources.map(node => lowerSource(node as NodeOf<'Source'>))
  // Statements are asked here: it has the tables that only others look up in too.
  const program = withCopies(copied, { script, tasks, stages: [] })
  fragments.push(makeFragment({ stage: null, tasks: 1, program, exchanges: takeWritten() }))
  const checked = copied.filter(({ task }) => task !== null)
  if (checked.length > 0) fragments.push(checkTables(checked, script))
  return fragments.reverse()
}

function makeFragment(parts: Omit<Fragment, 'checksTables'>): Fragment {
  return Object.freeze({ ...parts, checksTables: false })
}

/** Its tables stay empty. */
function checkTables(tables: readonly CopiedTable[], script: BoundScript): Fragment {
  const unfilled = Object.freeze({ ...script, changes: [] })
  const program = withCopies(tables, { script: unfilled, tasks: [], stages: [] })
  return Object.freeze({ stage: null, checksTables: true, tasks: 1, program, exchanges: [] })
}

function withCopies(
  tables: readonly CopiedTable[],
  { script, tasks, stages }: Pick<Program, 'script' | 'tasks' | 'stages'>
): Program {
  const own = takeCopies(tables, script)
  return Object.freeze({
    script: own.script,
    tasks: [...tasks, ...own.tasks],
    tables: [],
    copies: own.copies,
    stages
  })
}

function inTasks(node: StageNode, stage: Stage, tasks: number): Stage {
  if (stage.kind !== 'Aggregate') return Object.freeze({ ...stage, tasks })
  return Object.freeze({ ...stage, tasks, sentAlone: whyAlone(node, stage) })
}

function sendInputs(
  node: StageNode,
  stage: Stage,
  keys: ReturnType<typeof partitionKeys>,
  { script, isTimed }: { readonly script: BoundScript; readonly isTimed: boolean }
): Sent {
  const send = (side: Side, input: 0 | 1): LoweredExchange =>
    lowerExchange({
      script,
      name: exchangeName(node, input),
      node,
      side,
      stage,
      keys: keys[input]!,
      clocks: channelsOf(node.inputs[input]!),
      processing: isTimed ? sendersOf(node.inputs[input]!) : []
    })
  const left = send('left', 0)
  return { left, right: node.kind === 'Join' ? send('right', 1) : left }
}

function exchangeName({ kind, name }: StageNode, input: number): string {
  if (kind !== 'Join') return name
  return `${name}-${input === 0 ? 'left' : 'right'}`
}

/** What a stage is made of in its own fragment: what is sent to it. */
function originsOf(node: StageNode): Origins {
  const names = node.inputs.map((_, input) => exchangeName(node, input))
  return {
    sourcesOf: () => names,
    clocksOf: (input, clock) =>
      clock === 'event' && origins.clocksOf(input, clock).length === 0
        ? []
        : names.filter((_, index) => node.inputs[index] === input)
  }
}

/** The sources whose watermarks hold for the rows of a stream; of stages before it what is sent to those. */
function channelsOf(root: StreamNode): string[] {
  const found = new Set<string>()
  const visit = (node: StreamNode): void => {
    if (node.kind === 'Watermark') found.add(node.source.name)
    // A table that is looked up in gives no rows.
    if (node.kind === 'Lookup') return visit(node.inputs[0])
    if (!isStage(node)) return node.inputs.forEach(visit)
    const { clocksOf } = originsOf(node)
    for (const name of node.inputs.flatMap(input => clocksOf(input, 'event'))) found.add(name)
  }
  visit(root)
  return [...found]
}

/** The sources, those that are exchanges too, that whoever sends rows of a stream reads. */
function sendersOf(root: StreamNode): readonly string[] {
  if (isStage(root)) return originsOf(root).sourcesOf(root)
  if (root.kind === 'Source') return [root.source.name]
  const inputs = root.kind === 'Lookup' ? [root.inputs[0]] : root.inputs
  return [...new Set(inputs.flatMap(sendersOf))]
}

/** Some stages, and all that the rows which come to them may have gone through. */
function inFrontOf(stages: readonly StageNode[]): ReadonlySet<StreamNode> {
  const found = new Set<StreamNode>()
  const visit = (node: StreamNode): void => {
    if (found.has(node)) return
    found.add(node)
    node.inputs.forEach(visit)
  }
  stages.forEach(visit)
  return found
}

/** Why one process has to see all. */
function reasonsAgainst(graph: StreamGraph): Diagnostic[] {
  const readers = findReaders(graph)
  const tables = graph.tables.flatMap(node => whyNoCopy(node, readers, graph.script) ?? [])
  const stages = stagesOf(graph)
  const unordered = takesOutOfOrder(graph, stages).map(({ span }) =>
    parallelismNeeds(
      'several tasks would tell of one row here, in any order',
      'Compare, or partition by, columns of the key that these rows have.',
      span
    )
  )
  return [...tables.slice(0, 1), ...unordered]
}
