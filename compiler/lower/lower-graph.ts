import { planTooLarge } from '../diagnostics/plan.ts'
import {
  type GroupStage,
  type JoinStage,
  invariant,
  type NodeOf,
  onlyComes,
  type OverStage,
  type Program,
  type SourceTask,
  type Stage,
  type Step,
  type StepOf,
  type StoredTable,
  type StreamGraph,
  type StreamNode,
  type TimeColumn,
  type TopStage
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import { lowerDecoder } from './lower-decoder.ts'
import { lowerJoin, makeJoinStep } from './lower-join.ts'
import type { Origins } from './origins.ts'
import { lowerOver, makeOverStep } from './lower-over.ts'
import { lowerTop, makeTopStep } from './lower-top.ts'
import { lookUpTogether } from './look-up-together.ts'
import { type LookupIndexes, planIndexes } from './lookup-indexes.ts'
import { pruneSteps } from './prune.ts'
import { isStage, type StageNode, stagesOf } from './stage-node.ts'

/** More steps than any script that somebody wrote: only doubling unions get there. */
const STEP_LIMIT = 10_000

/** Stream graph to one task per source: each reader's chain of operators becomes steps of one loop over the source's batches. */
export function lowerGraph(graph: StreamGraph, session: Session): Program {
  const readers = findReaders(graph)
  const lookups = planIndexes(readers.keys())
  const stages = new Map<StreamNode, Stage>()
  const enter: EnterStage = (node, side) => enterStage(node, side, stages.get(node)!)
  const follow = makeFollow(readers, lookups, { enter, store: makeStore }, session)
  // From the sinks up: what a stage counts depends on what is read of those behind it.
  for (const node of stagesOf(graph).reverse()) {
    stages.set(node, lowerStage(node, follow(node), origins))
  }
  const sources = sourcesOfScript(readers, graph)
  const tasks = sources.map(node => lowerTask(node, follow(node), session))
  const tables = graph.tables.map(node => lowerTable(node, follow(node), lookups))
  return Object.freeze({
    script: graph.script,
    tasks,
    tables,
    copies: [],
    stages: [...stages.values()].reverse()
  })
}

/** In the order in which the script has them. */
export function sourcesOfScript(readers: Readers, { script }: StreamGraph): NodeOf<'Source'>[] {
  const order = script.sources.map(source => source.name)
  return [...readers.keys()]
    .filter(node => node.kind === 'Source')
    .sort((a, b) => order.indexOf(a.source.name) - order.indexOf(b.source.name))
}

/** The stage of a node, in one task. */
export function lowerStage(node: StageNode, steps: readonly Step[], from: Origins): Stage {
  switch (node.kind) {
    case 'Aggregate':
      return lowerGroups(node, steps, from)
    case 'Join':
      return lowerJoin(node, pruneSteps(steps), from)
    case 'TopN':
      return lowerTop(node, pruneSteps(steps), from)
    case 'Over':
      return lowerOver(node, pruneSteps(steps), from)
  }
}

/** An aggregate that nothing behind it reads is not kept. */
function lowerGroups(
  node: NodeOf<'Aggregate'>,
  steps: readonly Step[],
  { sourcesOf, clocksOf }: Origins
): GroupStage {
  const { name, keys, aggregates, window, session, slices, emission, schema, span } = node
  const { ttl, standing } = node
  const [input] = node.inputs
  const pruned = pruneSteps(steps)
  const kept = schema.columns.flatMap((_, index) =>
    index < keys.length || pruned.columns.includes(index) ? [index] : []
  )
  return Object.freeze({
    kind: 'Aggregate',
    name,
    tasks: null,
    keys,
    aggregates: kept.slice(keys.length).map(index => aggregates[index - keys.length]!),
    window,
    session,
    slices,
    sentAlone: null,
    ttl,
    emission,
    standing,
    retracts: input!.traits.changes === 'retract',
    sources: sourcesOf(node),
    clocks: window === null ? [] : clocksOf(input!, window.clock),
    schema: { columns: kept.map(index => schema.columns[index]!) },
    columns: pruned.columns.map(index => kept.indexOf(index)),
    steps: pruned.steps,
    span
  })
}

/** Of a script that runs in one part: see Origins. */
export const origins: Origins = { sourcesOf, clocksOf }

/** The sources that a stream is made of. */
function sourcesOf(root: StreamNode): string[] {
  return behind(root).flatMap(node => (node.kind === 'Source' ? [node.source.name] : []))
}

/** The sources whose watermarks hold for the rows of a stream. */
function clocksOf(root: StreamNode, clock: TimeColumn['clock']): string[] {
  if (clock === 'processing') return []
  return behind(root).flatMap(node => (node.kind === 'Watermark' ? [node.source.name] : []))
}

/** What the rows of a stream have come through, each node once; a table that is looked up in gives none of them. */
export function behind(root: StreamNode): StreamNode[] {
  const found = new Set<StreamNode>()
  const stack = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (found.has(node)) continue
    found.add(node)
    stack.push(...(node.kind === 'Lookup' ? [node.inputs[0]] : node.inputs).toReversed())
  }
  return [...found]
}

export function lowerTable(
  node: NodeOf<'Table'>,
  steps: readonly Step[],
  lookups: LookupIndexes
): StoredTable {
  const { table } = node
  const pruned = pruneSteps(steps)
  const indexes = lookups.indexesOf(table)
  const sources = sourcesOf(node)
  return Object.freeze({ table, indexes, sources, columns: pruned.columns, steps: pruned.steps })
}

export function lowerTask(
  node: NodeOf<'Source'>,
  steps: readonly Step[],
  { options }: Session
): SourceTask {
  const pruned = pruneSteps(steps)
  const decoder = lowerDecoder(node, pruned.columns, pruned.steps)
  const run = options.optimize ? lookUpTogether(pruned.steps) : pruned.steps
  return Object.freeze({ source: node.source, decoder, steps: run })
}

export type Readers = ReadonlyMap<StreamNode, readonly StreamNode[]>
/** How rows get to a stage that reads them; `side`: to which input of a join. */
export type EnterStage = (node: StageNode, side: StepOf<'Join'>['side']) => Step
/** How rows of one of its inputs get into a table. */
export type EnterTable = (node: NodeOf<'Table'>, input: StreamNode) => Step
/** How rows get to what keeps them. */
export interface Entries {
  readonly enter: EnterStage
  readonly store: EnterTable
}
/** The steps behind a node. */
export type Follow = (node: StreamNode) => readonly Step[]

/** Who reads each node, once per edge: a union that names an input twice reads it twice. */
export function findReaders(graph: StreamGraph): Readers {
  const readers = new Map<StreamNode, StreamNode[]>()
  const stack: StreamNode[] = [...graph.sinks, ...graph.tables].reverse()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (readers.has(node)) continue
    readers.set(node, [])
    stack.push(...node.inputs.toReversed())
  }
  for (const node of readers.keys()) {
    for (const input of node.inputs) readers.get(input)!.push(node)
  }
  return readers
}

export function makeFollow(
  readers: Readers,
  lookups: LookupIndexes,
  entries: Entries,
  session: Session
): Follow {
  return node => {
    const steps = makeSteps(node, readers, lookups, entries)
    if (steps === null) session.diagnostics.push(planTooLarge(STEP_LIMIT, node.span))
    return steps ?? []
  }
}

/** The steps behind a node; null when there are too many. */
function makeSteps(
  root: StreamNode,
  readers: Readers,
  lookups: LookupIndexes,
  { enter, store }: Entries
): readonly Step[] | null {
  let count = 0
  const follow = (node: StreamNode): Step[] => {
    const steps: Step[] = []
    for (const [edge, reader] of readers.get(node)!.entries()) {
      if (count > STEP_LIMIT) break
      count++
      // A union only joins streams of the same columns: in one loop it is no work.
      if (reader.kind === 'Union') steps.push(...follow(reader))
      else if (reader.kind === 'Watermark' && !isNeeded(reader, readers)) {
        steps.push(...follow(reader))
      }
      // What is stored goes on as a change of the table; a table that is looked up in drives nothing.
      else if (reader.kind === 'Table') steps.push(store(reader, node))
      else if (isStage(reader)) {
        // A stream that is joined with itself is read once per side.
        const isFirst = readers.get(node)!.indexOf(reader) === edge
        steps.push(enter(reader, isFirst && reader.inputs[0] === node ? 'left' : 'right'))
      } else if (reader.kind === 'Lookup') {
        if (reader.inputs[0] === node) steps.push(lookups.makeStep(reader, follow(reader)))
      } else steps.push(makeStep(reader, follow(reader)))
    }
    return steps
  }
  const steps = follow(root)
  return count > STEP_LIMIT ? null : steps
}

/** Whether somebody waits for the time that a Watermark tells, or it rejects rows. */
function isNeeded(node: NodeOf<'Watermark'>, readers: Readers): boolean {
  if (node.watermark.maxFutureSkew !== null) return true
  const seen = new Set<StreamNode>()
  const waits = (behind: StreamNode): boolean => {
    if (seen.has(behind)) return false
    seen.add(behind)
    const isWaiting =
      (isStage(behind) && 'window' in behind && behind.window?.clock === 'event') ||
      (behind.kind === 'Join' && behind.times !== null) ||
      (behind.kind === 'Over' && behind.over.time.clock === 'event')
    return isWaiting || readers.get(behind)!.some(waits)
  }
  return waits(node)
}

export function makeStore({ table, schema, span }: NodeOf<'Table'>): Step {
  return Object.freeze({ kind: 'Store', table, schema, span })
}

/** The step by which a row gets into a stage of the same part. */
export function enterStage(node: StageNode, side: StepOf<'Join'>['side'], stage: Stage): Step {
  switch (node.kind) {
    case 'Aggregate':
      return makeCount(node, stage as GroupStage)
    case 'TopN':
      return makeTopStep(node, stage as TopStage)
    case 'Over':
      return makeOverStep(node, stage as OverStage)
    case 'Join':
      return makeJoinStep(node, side, stage as JoinStage)
  }
}

function makeCount(
  { keys, window, session, slices, span }: NodeOf<'Aggregate'>,
  { name, aggregates }: GroupStage
): Step {
  return Object.freeze({
    ...{ kind: 'Aggregate', stage: name, keys, aggregates, window, session, slices, span },
    combined: null
  })
}

/**
 * A table itself is told by its rows after the change, as the reference has it; Debezium's envelope has the row before it: both
 * need no key.
 */
function toldAs({ sink, traits, inputs }: NodeOf<'Sink'>): StepOf<'Write'>['changes'] {
  if (onlyComes(inputs[0]!)) return null
  if (inputs[0]!.kind === 'Table') return 'together'
  const isTold = sink.format === 'upsert' || sink.format === 'debezium'
  return traits.key === null && !isTold ? 'apart' : 'together'
}

function makeStep(node: StreamNode, steps: readonly Step[]): Step {
  const { span, schema } = node
  switch (node.kind) {
    case 'Filter':
      return Object.freeze({
        ...{ kind: 'Filter', predicate: node.predicate, schema: node.schema, steps, span }
      })
    case 'Project':
      return Object.freeze({ kind: 'Project', exprs: node.exprs, schema, steps, span })
    case 'Predict':
      return Object.freeze({ kind: 'Predict', calls: node.calls, keeps: [], schema, steps, span })
    case 'Unnest':
      return Object.freeze({ kind: 'Unnest', unnest: node.unnest, keeps: [], schema, steps, span })
    case 'Watermark': {
      const { source, watermark } = node
      return Object.freeze({ kind: 'Watermark', source, watermark, schema, steps, span })
    }
    case 'Sink':
      return Object.freeze({ kind: 'Write', sink: node.sink, changes: toldAs(node), schema, span })
    case 'Source':
    case 'Union':
    case 'Table':
    case 'Lookup':
    case 'Aggregate':
    case 'Join':
    case 'TopN':
    case 'Over':
      invariant(false, `${node.kind} is no step`, span)
  }
}
