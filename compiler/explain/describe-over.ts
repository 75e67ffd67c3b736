import {
  type Expr,
  forgetsAfter,
  type NodeOf,
  type OverFrame,
  type Program,
  readsFrame,
  waitOf,
  type WindowCall
} from '../ir/index.ts'
import { rowBytes } from './row-bytes.ts'
import { showDuration } from './show-duration.ts'
import { showExpr } from './show-expr.ts'
import { whereKept } from './where-kept.ts'

type Over = NodeOf<'Over'>

/** What is computed of the rows around each, when it is told, and how much memory that takes for how long. */
export function describeOver(
  node: Over,
  { stages, script }: Program
): { readonly title: string; readonly details: readonly string[] } {
  const { over, name, inputs } = node
  const { calls } = over
  const { schema } = inputs[0]!
  const stage = stages.find(candidate => candidate.name === name)
  const bytes = rowBytes(stage?.kind === 'Over' ? stage.kept : schema) + ROW
  return {
    title: showOrder(over, index => schema.columns[index]!.name),
    details: [
      ...calls.map(one => showWindowCall(one, showExpr)),
      toldWhen(calls),
      `state ${name}: about ${bytes} bytes ${whereKept(script)} for each row that ${rowsKept(calls)}, ${PARTITION + FRAME * calls.length} per partition, ${keptFor(node)}`
    ]
  }
}

/** An entry of a Map, a place in a list and in a heap. */
const ROW = 120
const PARTITION = 600
/** A frame, and what an aggregate counts of it. */
const FRAME = 160

/** How the rows of each partition go; `nameOf` says what a column is called. */
export function showOrder(
  { partition, time, order }: Over['over'],
  nameOf: (index: number) => string
): string {
  const sorted = [
    nameOf(time.column),
    ...order.map(({ column, descending }) => `${nameOf(column)}${descending ? ' DESC' : ''}`)
  ]
  const by = partition.length === 0 ? '' : ` of each ${partition.map(nameOf).join(', ')}`
  return `rows by ${sorted.join(', ')}${by}`
}

export function showWindowCall(
  { call, offset, frame }: WindowCall,
  show: (expr: Expr) => string
): string {
  const { name, args, filter } = call
  const [value, ...others] = args.map(show)
  const list = [
    ...(value === undefined ? [] : [value]),
    ...(offset === null ? [] : [offset]),
    ...others
  ]
  const shown = name === 'count' && args.length === 0 ? '*' : list.join(', ')
  const only = filter === null ? '' : ` FILTER (WHERE ${show(filter)})`
  return `${name}(${shown})${only}${readsFrame(name) ? ` ${showFrame(frame)}` : ''}`
}

function showFrame({ unit, start, end }: OverFrame): string {
  return `${unit} BETWEEN ${showBound(unit, start, 'PRECEDING')} AND ${showBound(unit, end, 'FOLLOWING')}`
}

function showBound(
  unit: OverFrame['unit'],
  bound: number | null,
  beyond: 'PRECEDING' | 'FOLLOWING'
): string {
  if (bound === null) return `UNBOUNDED ${beyond}`
  if (bound === 0) return 'CURRENT ROW'
  const size = unit === 'ROWS' ? String(Math.abs(bound)) : showDuration(Math.abs(bound))
  return `${size} ${bound < 0 ? 'PRECEDING' : 'FOLLOWING'}`
}

function toldWhen(calls: readonly WindowCall[]): string {
  const { rows, ms } = waitOf(calls)
  const parts = [
    ms === 0 ? 'when time has come to it' : `when time is ${showDuration(ms)} behind it`,
    ...(rows === 0 ? [] : [`${rows} ${rows === 1 ? 'row stands' : 'rows stand'} behind it`])
  ]
  return `each row told once, ${parts.join(' and ')}`
}

/** The rows that are kept beside what has been counted. */
function rowsKept(calls: readonly WindowCall[]): string {
  const reaches = (unit: OverFrame['unit']): number => {
    const own = calls.map(({ call: { name }, offset, frame }) => {
      if (name === 'lag') return unit === 'ROWS' ? offset! : 0
      return readsFrame(name) && frame.unit === unit ? -(frame.start ?? 0) : 0
    })
    return Math.max(0, ...own)
  }
  const [rows, ms] = [reaches('ROWS'), reaches('RANGE')]
  const last = [
    ...(rows === 0 ? [] : [`the last ${rows} of its partition`]),
    ...(ms === 0 ? [] : [`those of the last ${showDuration(ms)}`])
  ]
  return last.length === 0 ? 'waits' : `waits or is one of ${last.join(' or ')}`
}

function keptFor({ over: { calls }, ttl }: Over): string {
  const after = forgetsAfter(calls)
  if (after === 0) return 'freed behind its last row'
  if (after < Infinity) return `freed ${showDuration(after)} behind its last row`
  return ttl === null ? 'kept for ever' : `freed after ${showDuration(ttl)} without a row`
}
