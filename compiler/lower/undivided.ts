import {
  type BoundScript,
  type NodeOf,
  type StreamGraph,
  type StreamNode,
  tablesRead
} from '../ir/index.ts'
import { alwaysWritten } from './combine.ts'
import { whyNoCopy } from './copied-tables.ts'
import { behind, type Readers } from './lower-graph.ts'
import { isStage, type StageNode, stagesOf } from './stage-node.ts'

/** What is not split: one task does it, as one process does a script that is not split. */
export interface Undivided {
  /** Each with why it is one of these, and with all that is before it, but for what is sent: that task reads its sources itself. */
  readonly nodes: ReadonlyMap<StreamNode, string>
  /** What is sent to its tables: their inputs that others tell. */
  readonly sent: ReadonlySet<StreamNode>
  /** The tables of which whoever looks up in them has a copy. */
  readonly copied: ReadonlySet<StreamNode>
}

type TableNode = NodeOf<'Table'>

export function findUndivided(graph: StreamGraph, readers: Readers): Undivided {
  const { tables, script } = graph
  const noCopy = new Map<TableNode, string>()
  for (const table of tables) {
    const why = whyNoCopy(table, readers, script)
    if (why !== null) noCopy.set(table, why)
  }
  const nodes = new Map<StreamNode, string>()
  const sent = new Map<StreamNode, TableNode>()
  const take = (node: StreamNode, why: string, before = why): void => {
    if (nodes.has(node)) return
    nodes.set(node, why)
    // A table that is looked up in gives no rows.
    const inputs = node.kind === 'Lookup' ? [node.inputs[0]] : node.inputs
    for (const input of inputs) {
      if (node.kind === 'Table' && canSend(input, node, readers)) sent.set(input, node)
      else take(input, before)
    }
  }
  for (const [table, why] of keptTables(tables, noCopy, readers, script))
    take(table, why, `it goes into table "${table.table.name}"`)
  for (const { table, node } of lookupsIn(noCopy.keys(), readers))
    take(node, `it is looked up in table "${table.name}"`)
  for (const node of readers.keys()) {
    if (node.kind !== 'Source' || node.source.feeds === null) continue
    for (const stage of stagesBehind(node, readers))
      take(stage, `it meets the versions of the rows of table "${node.source.name}"`)
  }
  for (let before = -1; before !== nodes.size;) {
    before = nodes.size
    takeTimed(graph, nodes, take)
    takeMixed(sent, nodes, take)
  }
  const isCopied = (table: TableNode): boolean =>
    !noCopy.has(table) &&
    (!nodes.has(table) || lookupsIn([table], readers).some(({ node }) => !nodes.has(node)))
  return { nodes, sent: new Set(sent.keys()), copied: new Set(tables.filter(isCopied)) }
}

/**
 * Whether stages that are split may tell what goes into a table, each of its rows as one task has it: then they count, and the table's task only
 * keeps what they tell. Rows of sources are read where the table is.
 */
function canSend(input: StreamNode, { table }: TableNode, readers: Readers): boolean {
  const { key } = input.traits
  // Else several tasks might tell of one row of the table.
  const isKeyed = key?.length === table.key?.length && key?.every(i => table.key!.includes(i))
  const isWritten = table.schema.columns.every(({ type }) => alwaysWritten.has(type.kind))
  return isKeyed === true && isWritten && readers.get(input)!.length === 1 && comesOfStages(input)
}

function comesOfStages(node: StreamNode): boolean {
  if (isStage(node)) return true
  const isPassed = node.kind === 'Filter' || node.kind === 'Project' || node.kind === 'Union'
  return isPassed && node.inputs.length > 0 && node.inputs.every(comesOfStages)
}

/** Stages before a table that tell of what is in the table's task are in it too: what comes of the topics of tables is there before events are read. */
function takeMixed(
  sent: Map<StreamNode, TableNode>,
  nodes: ReadonlyMap<StreamNode, string>,
  take: (node: StreamNode, why: string) => void
): void {
  const isOwn = (node: StreamNode): boolean =>
    nodes.has(node) ||
    node.kind === 'Table' ||
    (node.kind === 'Source' && node.source.feeds !== null)
  for (const [input, { table }] of sent) {
    if (!behind(input).some(isOwn)) continue
    sent.delete(input)
    take(input, `it goes into table "${table.name}"`)
  }
}

/** The tables that are state, each with why. */
function keptTables(
  tables: readonly TableNode[],
  noCopy: ReadonlyMap<TableNode, string>,
  readers: Readers,
  { changes }: BoundScript
): ReadonlyMap<TableNode, string> {
  const kept = new Map(noCopy)
  const keep = (table: TableNode, why: string): void => {
    if (!kept.has(table)) kept.set(table, why)
  }
  // Each of those who have copies would tell them.
  for (const table of tables) {
    if (readers.get(table)!.some(({ kind }) => kind !== 'Lookup'))
      keep(table, 'what changes in it is told')
  }
  // Statements find in others what was there when they run; one with a query is reason enough to keep its own table.
  for (const change of changes) {
    if (change.kind !== 'ChangeQuery') continue
    for (const name of tablesRead(change.query)) {
      const read = tables.find(({ table }) => table.name === name)
      if (read !== undefined) keep(read, `a statement that changes "${change.table}" asks it`)
    }
  }
  return kept
}

function lookupsIn(tables: Iterable<TableNode>, readers: Readers) {
  return [...tables].flatMap(table =>
    readers
      .get(table)!
      .flatMap(node => (node.kind === 'Lookup' ? [{ table: table.table, node }] : []))
  )
}

/** The stages that rows of a source come to, through nothing that keeps them: deletes in its topic are theirs too. */
function stagesBehind(node: StreamNode, readers: Readers): StageNode[] {
  return readers.get(node)!.flatMap(reader => {
    if (isStage(reader)) return [reader]
    return reader.kind === 'Table' ? [] : stagesBehind(reader, readers)
  })
}

/**
 * What goes by time and comes behind a stage that is not split: how far that one is could be told too early, since it does not wait
 * for what it sends.
 */
function takeTimed(
  graph: StreamGraph,
  nodes: ReadonlyMap<StreamNode, string>,
  take: (node: StreamNode, why: string) => void
): void {
  for (const stage of stagesOf(graph).filter(goesByTime)) {
    if (behind(stage).some(node => node !== stage && isStage(node) && nodes.has(node)))
      take(stage, 'it goes by the time of what is not split')
  }
}

function goesByTime(stage: StageNode): boolean {
  switch (stage.kind) {
    case 'Join':
      return stage.times !== null || stage.asOf !== null
    case 'Over':
      return true
    default:
      return stage.window !== null
  }
}
