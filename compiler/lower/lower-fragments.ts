import {
  type BoundScript,
  type Exchange,
  type Fragment,
  goesByProcessingTime,
  type NodeOf,
  type Place,
  type Program,
  type SourceTask,
  type Stage,
  type StreamGraph,
  type StreamNode
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import { whyAlone } from './combine.ts'
import { type CopiedTable, feedOf, lookedUpBy, takeCopies } from './copied-tables.ts'
import {
  lowerExchange,
  type LoweredExchange,
  lowerTableExchange,
  type SplitStage
} from './lower-exchange.ts'
import {
  behind,
  type EnterStage,
  enterStage,
  type EnterTable,
  findReaders,
  lowerStage,
  lowerTable,
  lowerTask,
  makeFollow,
  makeStore,
  origins,
  sourcesOfScript
} from './lower-graph.ts'
import type { Origins } from './origins.ts'
import { planIndexes } from './lookup-indexes.ts'
import { toldApart } from './ordered-changes.ts'
import { partitionKeys } from './partition-keys.ts'
import { isStage, type StageNode, stagesOf } from './stage-node.ts'
import { findUndivided, type Undivided } from './undivided.ts'

/** What is sent to the inputs of a stage; of one that is no join both are the same. */
type Sent = Readonly<Record<Side, LoweredExchange>>
type Side = 'left' | 'right'

/** What the part is called that does what is not split. */
const UNDIVIDED = 'undivided'

export interface LoweredFragments {
  readonly fragments: readonly Fragment[]
  /** Of what is not split as its stages are, by node. */
  readonly places: ReadonlyMap<StreamNode, Place>
}

/**
 * Stream graph to the parts that run by themselves, each before those that read what it writes: one that reads topics that are tables
 * for what is wrong in them, one that reads the script's other sources, one for what is not split, and one for each stage. Only for a
 * graph with stages or tables.
 */
export function lowerFragments(graph: StreamGraph, session: Session): LoweredFragments {
  const { script } = graph
  const readers = findReaders(graph)
  const undivided = findUndivided(graph, readers)
  const { nodes: whole, copied } = undivided
  const isWhole = (node: StreamNode): boolean => whole.has(node)
  const split = stagesOf(graph).filter(node => !isWhole(node))
  const apart = toldApart(graph, split, undivided)
  const lookups = planIndexes(readers.keys())
  const sent = new Map<StageNode, Sent>()
  const entered = new Map<StageNode, Stage>()
  /** What the steps that are being made write. */
  const written = new Set<Exchange>()
  const enter: EnterStage = (node, side) => {
    const own = entered.get(node)
    if (own !== undefined) return enterStage(node, side, own)
    const { exchange, send } = sent.get(node)![side]
    written.add(exchange)
    return send
  }
  const tableInputs = sendToTables(graph, undivided)
  const store: EnterTable = (node, input) => {
    if (!undivided.sent.has(input)) return makeStore(node)
    const { exchange, send } = tableInputs.get(node)!
    written.add(exchange)
    return send(input)
  }
  const follow = makeFollow(readers, lookups, { enter, store }, session)
  const takeWritten = (): readonly Exchange[] => {
    const taken = [...written]
    written.clear()
    return taken
  }
  const lowerSource = (node: NodeOf<'Source'>): SourceTask => lowerTask(node, follow(node), session)
  const copies = graph.tables
    .filter(node => copied.has(node))
    .map((node): CopiedTable => {
      const feed = feedOf(node)
      const stored = lowerTable(node, [], lookups)
      return { stored, task: feed === null ? null : lowerSource(feed), isKept: isWhole(node) }
    })
  const fragments: Fragment[] = []
  const timed = inFrontOf(split.filter(goesByProcessingTime))
  // From the sinks up: what is sent to a stage depends on what is read behind it.
  const addStage = (node: StageNode): void => {
    const keys = apart.has(node) ? node.inputs.map(() => []) : partitionKeys(node)
    const tasks = keys[0]!.length === 0 ? 1 : script.settings.parallelism
    const stage = inTasks(node, lowerStage(node, follow(node), originsOf(node)), tasks)
    const inputs = sendInputs(node, stage, keys, { script, isTimed: timed.has(node), isWhole })
    sent.set(node, inputs)
    const read = [...new Set([inputs.left.task, inputs.right.task])]
    const parts = { script, tasks: read, tables: [], stages: [stage] }
    const program = withCopies(copies.filter(isAskedIn(parts)), parts)
    fragments.push(makeFragment({ stage: stage.name, tasks, program, exchanges: takeWritten() }))
  }
  const before = new Set([...undivided.sent].flatMap(behind))
  split
    .filter(node => !before.has(node))
    .reverse()
    .forEach(addStage)
  const sources = sourcesOfScript(readers, graph)
  if (whole.size > 0) {
    for (const node of stagesOf(graph).filter(isWhole).reverse())
      entered.set(node, lowerStage(node, follow(node), origins))
    const tables = graph.tables.filter(isWhole).map(node => lowerTable(node, follow(node), lookups))
    const inputs = [...tableInputs.values()].map(({ task }) => task)
    const tasks = [...sources.filter(isWhole).map(lowerSource), ...inputs]
    const parts = { script, tasks, tables, stages: [...entered.values()].reverse() }
    const asked = copies.filter(copy => !copy.isKept && isAskedIn(parts)(copy))
    const program = withCopies(asked, parts)
    fragments.push(makeFragment({ stage: UNDIVIDED, tasks: 1, program, exchanges: takeWritten() }))
  }
  split
    .filter(node => before.has(node))
    .reverse()
    .forEach(addStage)
  const others = sources.filter(node => node.source.feeds === null && !isWhole(node))
  const parts = { script, tasks: others.map(lowerSource), tables: [], stages: [] }
  // Statements are asked here: it has the tables that only others look up in too.
  const program = withCopies(
    copies.filter(copy => !copy.isKept || isAskedIn(parts)(copy)),
    parts
  )
  fragments.push(makeFragment({ stage: null, tasks: 1, program, exchanges: takeWritten() }))
  const checked = copies.filter(({ task, isKept }) => task !== null && !isKept)
  if (checked.length > 0) fragments.push(checkTables(checked, script))
  return { fragments: fragments.reverse(), places: findPlaces(whole, copied, apart) }
}

/** What is sent to tables, by the table. */
function sendToTables({ script }: StreamGraph, { nodes, sent }: Undivided) {
  const inputs = [...nodes.keys()].flatMap(node => {
    if (node.kind !== 'Table') return []
    const told = node.inputs.filter(input => sent.has(input))
    const changes = told.some(({ traits }) => traits.changes === 'retract')
    return told.length === 0 ? [] : [[node, lowerTableExchange(node, changes, script)] as const]
  })
  return new Map(inputs)
}

function findPlaces(
  whole: ReadonlyMap<StreamNode, string>,
  copied: ReadonlySet<StreamNode>,
  apart: ReadonlySet<StreamNode>
): ReadonlyMap<StreamNode, Place> {
  return new Map(
    [...whole.keys(), ...copied, ...apart].map(node => [
      node,
      { undivided: whole.get(node) ?? null, isCopied: copied.has(node), isApart: apart.has(node) }
    ])
  )
}

type ProgramParts = Pick<Program, 'script' | 'tasks' | 'tables' | 'stages'>

/** Whether steps of a part look up in a table. */
function isAskedIn({ tasks, tables, stages }: ProgramParts): (table: CopiedTable) => boolean {
  const asked = new Set(lookedUpBy([...tasks, ...tables, ...stages].flatMap(({ steps }) => steps)))
  return ({ stored }) => asked.has(stored.table.name)
}

function makeFragment(parts: Omit<Fragment, 'checksTables' | 'isUndivided'>): Fragment {
  return Object.freeze({ ...parts, checksTables: false, isUndivided: parts.stage === UNDIVIDED })
}

/** Its tables stay empty. */
function checkTables(tables: readonly CopiedTable[], script: BoundScript): Fragment {
  const unfilled = Object.freeze({ ...script, changes: [] })
  const program = withCopies(tables, { script: unfilled, tasks: [], tables: [], stages: [] })
  const parts = { stage: null, tasks: 1, program, exchanges: [] }
  return Object.freeze({ ...parts, checksTables: true, isUndivided: false })
}

function withCopies(
  copies: readonly CopiedTable[],
  { script, tasks, tables, stages }: ProgramParts
): Program {
  const own = takeCopies(copies, tables, script)
  return Object.freeze({
    script: own.script,
    tasks: [...tasks, ...own.tasks],
    tables,
    copies: own.copies,
    stages
  })
}

function inTasks(node: StageNode, stage: Stage, tasks: number): SplitStage {
  if (stage.kind !== 'Aggregate') return Object.freeze({ ...stage, tasks })
  return Object.freeze({ ...stage, tasks, sentAlone: whyAlone(node, stage) })
}

interface SentParts {
  readonly script: BoundScript
  readonly isTimed: boolean
  readonly isWhole: (node: StreamNode) => boolean
}

function sendInputs(
  node: StageNode,
  stage: SplitStage,
  keys: ReturnType<typeof partitionKeys>,
  { script, isTimed, isWhole }: SentParts
): Sent {
  const send = (side: Side, input: 0 | 1): LoweredExchange =>
    lowerExchange({
      script,
      name: exchangeName(node, input),
      node,
      side,
      stage,
      keys: keys[input]!,
      clocks: channelsOf(node.inputs[input]!, isWhole),
      processing: isTimed ? sendersOf(node.inputs[input]!, isWhole) : []
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
function channelsOf(root: StreamNode, isWhole: SentParts['isWhole']): string[] {
  const found = new Set<string>()
  const visit = (node: StreamNode): void => {
    if (node.kind === 'Watermark') found.add(node.source.name)
    // A table that is looked up in gives no rows.
    if (node.kind === 'Lookup') return visit(node.inputs[0])
    if (!isStage(node) || isWhole(node)) return node.inputs.forEach(visit)
    const { clocksOf } = originsOf(node)
    for (const name of node.inputs.flatMap(input => clocksOf(input, 'event'))) found.add(name)
  }
  visit(root)
  return [...found]
}

/** The sources, those that are exchanges too, that whoever sends rows of a stream reads. */
function sendersOf(root: StreamNode, isWhole: SentParts['isWhole']): readonly string[] {
  if (isStage(root) && !isWhole(root)) return originsOf(root).sourcesOf(root)
  if (root.kind === 'Source') return [root.source.name]
  const inputs = root.kind === 'Lookup' ? [root.inputs[0]] : root.inputs
  return [...new Set(inputs.flatMap(input => sendersOf(input, isWhole)))]
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
