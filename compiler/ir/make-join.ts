import { invariant } from './invariant.ts'
import { joinSchema } from './join-schema.ts'
import { type JoinTimes, joinTimesOf } from './join-times.ts'
import { checkColumns } from './make-streams.ts'
import type { AsOf, JoinNode, StreamNode, StreamTraits } from './streams.ts'
import type { JoinKind, LookupKey } from './join-kind.ts'
import type { TimeColumn } from './time-column.ts'
import { splitConjuncts } from './conjuncts.ts'

/** What a Join is beside its inputs. */
export type JoinParts = Pick<
  JoinNode,
  'join' | 'keys' | 'condition' | 'filters' | 'asOf' | 'ttl' | 'name' | 'span'
>

export function makeJoin(
  inputs: readonly [StreamNode, StreamNode],
  { join, keys, condition, filters, asOf, ttl, name, span }: JoinParts
): JoinNode {
  const [left, right] = inputs
  const columns = { columns: [...left.schema.columns, ...right.schema.columns] }
  invariant(keys.length > 0, 'a join has a key', span)
  for (const key of keys) {
    checkColumns([key.left], left.schema, span)
    checkColumns([key.right], right.schema, span)
  }
  checkColumns(condition === null ? filters : [condition, ...filters], columns, span)
  const width = left.schema.columns.length
  const conditions = [...(condition === null ? [] : [condition]), ...filters]
  const isAppend = inputs.every(({ traits }) => traits.changes === 'append')
  invariant(asOf === null || isAppend, 'what is joined as of a time only grows', span)
  const both = [left.traits.times, right.traits.times] as const
  const together =
    asOf !== null
      ? [asOfTimes(asOf, ...both)]
      : isAppend
        ? joinTimesOf({ keys, conditions: conditions.flatMap(splitConjuncts), width }, ...both)
        : []
  const closest = together[0] ?? null
  const schema = Object.freeze(joinSchema(left.schema, right.schema, join))
  const changes = isAppend && staysTold(join, closest) ? 'append' : 'retract'
  // What is told of a row that has left could not change any more.
  const times = changes === 'append' ? closest : null
  const traits: StreamTraits = {
    changes,
    key: asOf === null ? keyOf(join, keys, inputs) : left.traits.key,
    times: changes === 'append' ? timesOf(join, together, width, asOf !== null) : []
  }
  return Object.freeze({
    kind: 'Join',
    inputs,
    schema,
    traits,
    span,
    join,
    keys,
    condition,
    filters,
    asOf,
    times,
    ttl,
    name
  })
}

/** A left row waits until no more rows can come that are before it; a right one for as long as it is the last. */
function asOfTimes(
  { left, right, strict }: AsOf,
  lefts: readonly TimeColumn[],
  rights: readonly TimeColumn[]
): JoinTimes {
  const [ofLeft, ofRight] = [
    lefts.find(({ column }) => column === left),
    rights.find(({ column }) => column === right)
  ]
  invariant(ofLeft !== undefined && ofRight !== undefined, 'event time bounds both sides')
  return { left: ofLeft, right: ofRight, from: -Infinity, to: strict ? -1 : 0 }
}

/** Whether what is told of rows that only come never changes: those that met none are told when no more can come. */
function staysTold(join: JoinKind, times: JoinTimes | null): boolean {
  switch (join) {
    case 'INNER':
    case 'SEMI':
      return true
    case 'LEFT':
    case 'ANTI':
      return times !== null && times.to < Infinity
    case 'FULL':
      return times !== null && times.to < Infinity && times.from > -Infinity
  }
}

/**
 * A row is told when the later of its two parts has come, or when a part that is alone can meet no more: so long after the time
 * of each part as the other's may be behind it.
 */
function timesOf(
  join: JoinKind,
  together: readonly JoinTimes[],
  width: number,
  isAsOf: boolean
): TimeColumn[] {
  return together.flatMap(({ left, right, from, to }) => {
    if (to === Infinity || (from === -Infinity && !isAsOf)) return []
    const { unit } = left
    const clock = 'event' as const
    const ofLeft = { column: left.column, clock, lag: Math.max(left.lag, to + right.lag), unit }
    const ofRight = {
      column: right.column + width,
      clock,
      lag: Math.max(right.lag, left.lag - from),
      unit
    }
    if (join === 'FULL') return []
    return join === 'INNER' && !isAsOf ? [ofLeft, ofRight] : [ofLeft]
  })
}

/** What tells the rows of a join apart; null: nothing does. */
function keyOf(
  join: JoinKind,
  keys: readonly LookupKey[],
  [left, right]: readonly [StreamNode, StreamNode]
): readonly number[] | null {
  const [ofLeft, ofRight] = [left.traits.key, right.traits.key]
  const width = left.schema.columns.length
  const behind = ofRight?.map(index => index + width) ?? null
  if (join === 'SEMI' || join === 'ANTI') return ofLeft
  const isOne = (own: readonly number[] | null, exprs: readonly LookupKey['left'][]): boolean =>
    own?.every(index => exprs.some(expr => expr.kind === 'Column' && expr.index === index)) === true
  const rights = keys.map(key => key.right)
  const lefts = keys.map(key => key.left)
  if (join !== 'FULL' && ofLeft !== null && isOne(ofRight, rights)) return ofLeft
  if (join === 'INNER' && behind !== null && isOne(ofLeft, lefts)) return behind
  if (ofLeft === null || behind === null) return null
  return join === 'FULL' && isVague(left, right) ? null : [...ofLeft, ...behind]
}

/** A row whose key is NULL can't be told from one that is missing: each side may have one that meets nothing. */
function isVague(left: StreamNode, right: StreamNode): boolean {
  return mayLackKey(left) && mayLackKey(right)
}

/** Whether all columns of a row's key may be NULL at once. */
function mayLackKey(node: StreamNode): boolean {
  switch (node.kind) {
    case 'Table':
      return false
    case 'Filter':
    case 'Project':
    case 'Predict':
    case 'Unnest':
      return mayLackKey(node.inputs[0]!)
    default:
      return node.traits.key!.every(index => node.schema.columns[index]!.nullable)
  }
}
