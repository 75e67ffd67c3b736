import { type Expr, makeColumn, type NodeOf } from '../ir/index.ts'
import type { TypeKind } from '../types/index.ts'
import type { StageNode } from './stage-node.ts'

/** Types of which equal values are written in one way, so that they get to one task: not those as 1.0 and 1.00. */
const spelledOnce: ReadonlySet<TypeKind> = new Set([
  'Boolean',
  'SmallInt',
  'Int',
  'BigInt',
  'Text',
  'Date',
  'Time',
  'Timestamp',
  'TimestampTz'
])

/**
 * What tells the tasks of a stage apart, for each input over its row: rows that have to meet agree in it, whatever else they have to
 * agree in. None: all rows are of one task. A window's time is taken only where there is nothing else, as a window has all its
 * rows within a short while.
 */
export function partitionKeys(node: StageNode): readonly (readonly Expr[])[] {
  switch (node.kind) {
    case 'Aggregate':
      return [keysOfGroups(node)]
    case 'TopN':
      return [keysOfTop(node)]
    case 'Over': {
      const { columns } = node.inputs[0]!.schema
      const keys = node.over.partition.map(index => makeColumn(index, columns[index]!, node.span))
      return [keys.filter(isSpelledOnce)]
    }
    case 'Join': {
      const { keys } = node
      const good = keys.filter(({ left, right }) => isSpelledOnce(left) && isAlike(left, right))
      return [good.map(({ left }) => left), good.map(({ right }) => right)]
    }
  }
}

function keysOfGroups({
  keys,
  window,
  session,
  slices,
  standing
}: NodeOf<'Aggregate'>): readonly Expr[] {
  // A group that is there without a row is in one task.
  if (standing !== null) return []
  if (session !== null) return session.partition.map(index => keys[index]!).filter(isSpelledOnce)
  if (slices !== null) {
    // What tells windows apart is the time of the row where it is sent.
    const others = keys.filter((_, key) => !slices.ends.some(end => end.key === key))
    return others.filter(isSpelledOnce)
  }
  return withoutTime(keys, window?.key)
}

function keysOfTop({ top, window, inputs, span }: NodeOf<'TopN'>): readonly Expr[] {
  const { columns } = inputs[0]!.schema
  const keys = top.partition.map(index => makeColumn(index, columns[index]!, span))
  const time = top.partition.indexOf(window?.column ?? -1)
  return withoutTime(keys, time < 0 ? undefined : time)
}

function withoutTime(keys: readonly Expr[], time: number | undefined): readonly Expr[] {
  const good = keys.filter(isSpelledOnce)
  const others = good.filter(key => key !== keys[time ?? -1])
  return others.length > 0 ? others : good
}

function isSpelledOnce({ type }: Expr): boolean {
  return spelledOnce.has(type.kind)
}

const integers: ReadonlySet<TypeKind> = new Set(['SmallInt', 'Int', 'BigInt'])

function isAlike({ type: left }: Expr, { type: right }: Expr): boolean {
  return left.kind === right.kind || (integers.has(left.kind) && integers.has(right.kind))
}
