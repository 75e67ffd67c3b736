import type { Expr, NodeOf, StreamGraph, StreamNode } from '../ir/index.ts'
import { partitionKeys } from './partition-keys.ts'
import { isStage, type StageNode } from './stage-node.ts'

/**
 * What takes changes as those of a row with a key, though several tasks tell of one key: when a row moves from one task to another, the
 * second may tell that it has come before the first tells that it has gone. Groups don't mind: they count rows and know no keys.
 */
export function takesOutOfOrder({ sinks }: StreamGraph, stages: readonly StageNode[]) {
  const takers = [...sinks, ...stages.filter(({ kind }) => kind === 'Join' || kind === 'TopN')]
  return takers.filter(({ inputs }) =>
    inputs.some(
      input => input.traits.changes === 'retract' && input.traits.key !== null && !isInOrder(input)
    )
  )
}

/** Whether one task tells all of a key. */
function isInOrder(node: StreamNode): boolean {
  if (!isStage(node)) return node.inputs.every(isInOrder)
  switch (node.kind) {
    case 'Aggregate':
    case 'Over':
      return true
    case 'TopN':
      return node.inputs.every(isInOrder) && isTold(node, partitionKeys(node)[0]!)
    case 'Join':
      return node.inputs.every(isInOrder) && isJoinTold(node)
  }
}

/** Whether the key says in which task a row is. */
function isTold({ traits }: StreamNode, keys: readonly Expr[]): boolean {
  return keys.every(expr => isInKey(expr, traits.key, 0))
}

function isJoinTold(node: NodeOf<'Join'>): boolean {
  const [lefts, rights] = partitionKeys(node) as [readonly Expr[], readonly Expr[]]
  const { key } = node.traits
  const width = node.inputs[0].schema.columns.length
  return lefts.every((left, i) => {
    const [ofLeft, ofRight] = [isInKey(left, key, 0), isInKey(rights[i]!, key, width)]
    switch (node.join) {
      case 'INNER':
        return ofLeft || ofRight
      // A part that is missing says nothing.
      case 'FULL':
        return ofLeft && ofRight
      default:
        return ofLeft
    }
  })
}

function isInKey(expr: Expr, key: readonly number[] | null, offset: number): boolean {
  return expr.kind === 'Column' && key!.includes(expr.index + offset)
}
