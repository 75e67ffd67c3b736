import {
  type AggregateCall,
  type Expr,
  type GroupSession,
  type GroupSlices,
  type GroupStage,
  type NodeOf,
  type Program,
  windowLengths
} from '../ir/index.ts'
import { countNumbers, packGroups } from '../functions/index.ts'
import { keyBytes, rowBytes, valueBytes } from './row-bytes.ts'
import { showDuration } from './show-duration.ts'
import { showExpr } from './show-expr.ts'
import { whereKept } from './where-kept.ts'

type Aggregate = NodeOf<'Aggregate'>

/** What groups are by, what of them is told and when, how much memory they take, and for how long. */
export function describeAggregate(
  node: Aggregate,
  { stages, script }: Program
): { readonly title: string; readonly details: readonly string[] } {
  const { keys, aggregates, emission, session, name } = node
  const told =
    emission === 'close'
      ? `told once, when the ${session === null ? 'window' : 'session'} is complete`
      : 'told at each barrier where it changed'
  // What nothing behind it reads is not kept.
  const stage = stages.find(candidate => candidate.name === name)
  const kept = stage?.kind === 'Aggregate' ? stage : node
  const numbers = stage?.kind === 'Aggregate' ? numbersOf(stage, script) : null
  const retracts = node.inputs[0]!.traits.changes === 'retract'
  const bytes = [
    `about ${groupBytes(node, kept.schema, numbers)} bytes per group`,
    ...kept.aggregates.flatMap(call => keptValues(call, retracts))
  ]
  return {
    title: keys.length === 0 ? 'all rows' : keys.map(showExpr).join(', '),
    details: [
      ...(session === null ? [] : [describeSession(session, keys)]),
      ...(node.slices === null ? [] : [describeSlices(node.slices)]),
      ...aggregates.map(showCall),
      told,
      `state ${name}: ${bytes.join(', ')} ${whereKept(script)}, ${keptFor(node, script.settings)}`
    ]
  }
}

function showCall({ name, args, distinct, filter }: AggregateCall): string {
  const list = args.length === 0 ? '*' : args.map(showExpr).join(', ')
  const only = filter === null ? '' : ` FILTER (WHERE ${showExpr(filter)})`
  return `${name}(${distinct ? 'DISTINCT ' : ''}${list})${only}`
}

function describeSession({ gap, partition }: GroupSession, keys: readonly Expr[]): string {
  const of = partition.map(key => showExpr(keys[key]!)).join(', ')
  return `sessions of ${of === '' ? 'all rows' : of} with gaps of ${showDuration(gap)}`
}

function describeSlices({ array }: GroupSlices): string {
  const { kind, step, size } = windowLengths(array)!
  const windows =
    kind === 'hop'
      ? `windows of ${showDuration(size)} every ${showDuration(step)}`
      : `windows that grow by ${showDuration(step)} up to ${showDuration(size)}`
  return `${windows}, in slices: each row counted once`
}

function keptFor(
  { window, slices, ttl, emission }: Aggregate,
  { windowRetention }: Program['script']['settings']
): string {
  if (ttl !== null) return `freed after ${showDuration(ttl)} without a change`
  if (window === null) return 'kept for ever'
  if (slices !== null) return 'freed behind the last window of its slice'
  const what = 'freed behind its window'
  return emission === 'close' ? what : `freed ${showDuration(windowRetention)} behind its window`
}

/** A session: its place in a list and in a heap, and a Map of its groups. */
const SESSION = 600

/** How many numbers a group is in arrays; null: it is an object. */
function numbersOf(stage: GroupStage, { settings }: Program['script']): number | null {
  const packed = packGroups(stage, settings)
  return packed === null ? null : countNumbers(packed, stage.retracts)
}

/** An entry of a Map, and what keys and aggregates keep: numbers in arrays, or an object. */
function groupBytes(
  { session, keys }: Aggregate,
  schema: Aggregate['schema'],
  numbers: number | null
): number {
  if (numbers !== null) return keyBytes(keys.map(({ type }) => type)) + 8 * numbers
  return rowBytes(schema) + 16 * schema.columns.length + (session === null ? 0 : SESSION)
}

/** Aggregates that keep their values one by one, and those that do where values may leave again. */
const keepsValues: ReadonlySet<string> = new Set([
  ...['string_agg', 'array_agg', 'mode', 'percentile_cont', 'percentile_disc']
])
const keepsChanging: ReadonlySet<string> = new Set([
  ...['min', 'max', 'var_samp', 'var_pop', 'stddev_samp', 'stddev_pop', 'corr'],
  ...['first_value', 'last_value']
])

function keptValues(call: AggregateCall, retracts: boolean): string[] {
  const { name, args, orderBy, distinct } = call
  const types = [...args, ...orderBy.map(({ expr }) => expr)].map(({ type }) => type)
  const all = keepsValues.has(name) || (retracts && keepsChanging.has(name))
  if (distinct) return [`${valueBytes(types)} per value of ${showCall(call)}`]
  return all ? [`${valueBytes(types)} per row of ${showCall(call)}`] : []
}
