import {
  type BoundSettings,
  columnsOf,
  type Decoder,
  type Expr,
  type JoinKind,
  type LookupJoin,
  type LookupKey,
  type NodeOf,
  type Program,
  type StreamGraph,
  type StreamKind,
  type StreamNode
} from '../ir/index.ts'
import { positionAt, type Span } from '../source/index.ts'
import { showType } from '../types/index.ts'
import { describeAggregate } from './describe-aggregate.ts'
import { describeOver } from './describe-over.ts'
import { describeTasks, type Places } from './describe-tasks.ts'
import { countRows, type RowCount, rowKey } from './row-counts.ts'
import { rowBytes } from './row-bytes.ts'
import { showDuration } from './show-duration.ts'
import { whereKept } from './where-kept.ts'
import { showExpr } from './show-expr.ts'
import { numberWork } from './work-numbers.ts'

/** The plan as data: what the tree, the Mermaid graph and `--format json` show. */
export interface Plan {
  readonly name: string
  readonly delivery: BoundSettings['delivery']
  /** Milliseconds. */
  readonly commitInterval: number
  /** Inputs come before their readers; ids count from 1 in that order. */
  readonly nodes: readonly PlanNode[]
  /** What is counted in the code: see RowCounts. */
  readonly counters: readonly string[]
  /** What the code says that it is at: see WorkNumbers. */
  readonly work: ReadonlyMap<string, number>
}
export interface PlanNode {
  readonly id: number
  readonly kind: StreamKind
  readonly inputs: readonly number[]
  /** One line: 'high_risk', 'amount > 900'. */
  readonly title: string
  /** Further lines. */
  readonly details: readonly string[]
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly nullable: boolean
  }[]
  readonly changes: 'append' | 'retract'
  /** Of the SQL, from 1. */
  readonly line: number
  readonly column: number
  /** How the rows that leave it are known while the pipeline runs. */
  readonly rows: RowCount
  /** What some of them are shown by; null: they are those of its inputs, or of a topic. */
  readonly key: string | null
  /** The operator under whose id its time is measured: itself, but where several came of one place of the SQL; null: nobody measures it. */
  readonly work: number | null
}

export function describeGraph(graph: StreamGraph, program: Program, places: Places): Plan {
  const ordered = inputsFirst(graph)
  const ids = new Map(ordered.map((node, i) => [node, i + 1]))
  const counts = countRows(ordered)
  const work = numberWork(ids)
  const nodes = ordered.map((node): PlanNode => ({
    ...describeNode(node, ids, program, places),
    ...{ rows: counts.of(node), key: rowKey(node), work: work.of(node) }
  }))
  const { name, settings } = graph.script
  const { delivery, commitInterval } = settings
  return { name, delivery, commitInterval, nodes, counters: counts.counters, work: work.byKey }
}

/** All nodes, each once, inputs before readers. */
function inputsFirst(graph: StreamGraph): StreamNode[] {
  const ordered = new Set<StreamNode>()
  const stack: { readonly node: StreamNode; readonly open: boolean }[] = []
  for (const node of [...graph.sinks, ...graph.tables].toReversed())
    stack.push({ node, open: false })
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, open } = top
    if (ordered.has(node)) continue
    if (open) ordered.add(node)
    else {
      stack.push({ node, open: true })
      for (const input of node.inputs.toReversed()) stack.push({ node: input, open: false })
    }
  }
  return [...ordered]
}

function describeNode(
  node: StreamNode,
  ids: ReadonlyMap<StreamNode, number>,
  program: Program,
  places: Places
): Omit<PlanNode, 'rows' | 'key' | 'work'> {
  const { title, details } = describe(node, program)
  return {
    id: ids.get(node)!,
    kind: node.kind,
    inputs: node.inputs.map(input => ids.get(input)!),
    title,
    details: [...details, ...describeTasks(node, program, places.get(node))],
    columns: node.schema.columns.map(({ name, type, nullable }) => ({
      name,
      type: showType(type),
      nullable
    })),
    changes: node.traits.changes,
    ...place(node.span)
  }
}

function place({ file, start }: Span): { readonly line: number; readonly column: number } {
  return positionAt(file, start)
}

interface Description {
  readonly title: string
  readonly details: readonly string[]
}

function describe(node: StreamNode, program: Program): Description {
  switch (node.kind) {
    case 'Source':
      return describeSource(node, program)
    case 'Filter':
      return { title: showExpr(node.predicate), details: [] }
    case 'Project':
      return describeProject(node)
    case 'Union':
      return { title: `${node.inputs.length} inputs`, details: [] }
    case 'Predict':
      return {
        title: node.calls.map(({ model }) => model.name).join(', '),
        details: node.calls.map(({ model, args, when }) => {
          const condition = when === null ? '' : ` when ${showExpr(when)}`
          return `${model.name}(${args.map(showExpr).join(', ')})${condition}, batches of ${model.batchSize}`
        })
      }
    case 'Table':
      return describeTable(node, program)
    case 'Lookup':
      return describeLookup(node)
    case 'Join':
      return describeJoin(node, program)
    case 'Unnest':
      return describeUnnest(node)
    case 'Watermark':
      return describeWatermark(node)
    case 'Aggregate':
      return describeAggregate(node, program)
    case 'TopN':
      return describeTop(node, program)
    case 'Over':
      return describeOver(node, program)
    case 'Sink':
      return describeSink(node)
  }
}

/** Who keeps what, and about how much of it. */
function describeTable({ table }: NodeOf<'Table'>, program: Program): Description {
  const names = (table.key ?? []).map(index => table.schema.columns[index]!.name)
  const stored = program.tables.find(candidate => candidate.table.name === table.name)
  const indexes = (stored?.indexes ?? []).map(exprs => exprs.map(showExpr).join(', '))
  const bytes = rowBytes(table.schema) + 60 * indexes.length
  return {
    title: table.name,
    details: [
      names.length === 0 ? 'no key: rows are numbered' : `key ${names.join(', ')}`,
      ...indexes.map(index => `found by ${index}`),
      `state: about ${bytes} bytes per row ${whereKept(program.script)}`
    ]
  }
}

const joinWords: { readonly [K in LookupJoin]: string } = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  SEMI: 'SEMI JOIN',
  ANTI: 'ANTI JOIN',
  SINGLE: 'LEFT JOIN of one row of'
}

function describeLookup({ join, keys, condition, inputs }: NodeOf<'Lookup'>): Description {
  const [, { table }] = inputs
  const on = showOn(keys, condition, `${table.name}.`)
  return { title: `${joinWords[join]} ${table.name}${on}`, details: [] }
}

/** A key that reads no column is no condition: all rows have it. */
function showOn(keys: readonly LookupKey[], condition: Expr | null, right: string): string {
  const equal = keys
    .filter(key => columnsOf([key.left, key.right]).length > 0)
    .map(key => `${showExpr(key.left)} = ${right}${showExpr(key.right)}`)
  const all = [...equal, ...(condition === null ? [] : [showExpr(condition)])]
  return all.length === 0 ? ' with all rows' : ` ON ${all.join(' AND ')}`
}

const kinds: { readonly [K in JoinKind]: string } = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  FULL: 'FULL JOIN',
  SEMI: 'SEMI JOIN',
  ANTI: 'ANTI JOIN'
}

/** What both sides keep, and for how long. */
function describeJoin(node: NodeOf<'Join'>, program: Program): Description {
  const { join, keys, condition, name, traits } = node
  const stage = program.stages.find(candidate => candidate.name === name)
  const on = showOn(keys, condition, '')
  const told = traits.changes === 'append' ? [] : ['told as its rows change']
  const sides = (['left', 'right'] as const).map((side, i) => {
    const schema = stage?.kind === 'Join' ? stage[side].schema : node.inputs[i]!.schema
    return `state ${name}: about ${rowBytes(schema) + 120} bytes per row of the ${side} side ${whereKept(program.script)}, ${keptFor(node, side)}`
  })
  return { title: `${kinds[join]}${on}${asOfWords(node)}`, details: [...told, ...sides] }
}

function asOfWords({ asOf, inputs: [left, right] }: NodeOf<'Join'>): string {
  if (asOf === null) return ''
  const nameOf = ({ schema }: StreamNode, column: number): string => schema.columns[column]!.name
  const [time, from] = [nameOf(left, asOf.left), nameOf(right, asOf.right)]
  return `, the last with ${from} ${asOf.strict ? '<' : '<='} ${time}`
}

function keptFor({ asOf, times, ttl, inputs }: NodeOf<'Join'>, side: 'left' | 'right'): string {
  if (asOf !== null && side === 'right')
    return 'freed when a later one is valid and the left side has passed that'
  const length = times === null ? Infinity : side === 'left' ? times.to : -times.from
  if (length <= 0) return 'freed when the other side has passed it'
  if (length < Infinity) return `freed when the other side is ${showDuration(length)} ahead of it`
  if (inputs[side === 'left' ? 0 : 1].traits.changes === 'retract') return 'kept while it is there'
  return ttl === null ? 'kept for ever' : `freed after ${showDuration(ttl)}`
}

function describeSink({ sink }: NodeOf<'Sink'>): Description {
  if (sink.connector === 'stdout') return { title: 'standard output', details: [] }
  const { name, topic, format, compression } = sink
  return { title: name, details: [`topic ${topic}, ${format}, ${compression}`] }
}

function describeWatermark({ schema, watermark }: NodeOf<'Watermark'>): Description {
  const { column, delay, idleTimeout, maxFutureSkew } = watermark
  const { name } = schema.columns[column]!
  return {
    title: delay === 0 ? name : `${name} - ${delay} ms`,
    details: [
      `a partition without records holds nobody back after ${idleTimeout} ms`,
      ...(maxFutureSkew === null ? [] : [`at most ${maxFutureSkew} ms in the future`])
    ]
  }
}

function describeTop(
  { top, emission, window, name, inputs }: NodeOf<'TopN'>,
  { script }: Program
): Description {
  const { schema, traits } = inputs[0]!
  const { rank, partition, order, written, from, to } = top
  const nameOf = (index: number): string => schema.columns[index]!.name
  const sorted = order.slice(0, written).map(({ column, descending }) => {
    return `${nameOf(column)}${descending ? ' DESC' : ''}`
  })
  const by = partition.length === 0 ? '' : ` of each ${partition.map(nameOf).join(', ')}`
  const places = from === 1 ? `<= ${to}` : `BETWEEN ${from} AND ${to}`
  const which = traits.changes === 'append' ? 'each of the first rows' : 'each row of the input'
  const freed = window === null ? 'kept for ever' : 'freed behind its window'
  const isClosing = emission === 'close'
  return {
    title: `${rank} ${places} by ${sorted.join(', ')}${by}`,
    details: [
      isClosing
        ? 'told once, when the window is complete'
        : 'told at each barrier where it changed',
      `state ${name}: about ${rowBytes(schema) + 96} bytes ${whereKept(script)} for ${which}, ${freed}`
    ]
  }
}

function describeUnnest({ unnest: { array, join, columns } }: NodeOf<'Unnest'>): Description {
  const names = columns.map(({ name }) => name).join(', ')
  const rest = join === 'LEFT' ? ', NULL where it is empty' : ''
  return { title: `${showExpr(array)} as ${names}${rest}`, details: [] }
}

/** The title names the columns; what is computed gets a line each. */
function describeProject(node: NodeOf<'Project'>): Description {
  const names = node.schema.columns.map(({ name }) => name)
  const details = node.exprs.flatMap((expr, index) => {
    const text = showExpr(expr)
    return text === names[index] ? [] : [`${names[index]} = ${text}`]
  })
  return { title: names.join(', '), details }
}

function describeSource({ source }: NodeOf<'Source'>, program: Program): Description {
  const task = program.tasks.find(candidate => candidate.source.name === source.name)
  const details = [`topic ${source.topic}, group ${source.groupId}, ${source.format}`]
  if (task !== undefined) details.push(describeDecoder(task.decoder, source.columns.length))
  return { title: source.name, details }
}

/** What the generated decoder does with each column. */
function describeDecoder({ columns, checks }: Decoder, all: number): string {
  const uses = columns.map(({ column, copied, parsed }) => {
    const words = [copied ? 'copied' : '', parsed ? 'parsed' : ''].filter(word => word !== '')
    return `${column.name} ${words.join(' and ')}`
  })
  for (const column of checks) uses.push(`${column.name} checked for NULL`)
  const count = `decodes ${columns.length} of ${all} ${all === 1 ? 'column' : 'columns'}`
  return uses.length === 0 ? count : `${count}: ${uses.join(', ')}`
}
