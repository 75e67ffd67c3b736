import type { Expr, NodeOf, StreamGraph, StreamNode } from '../ir/index.ts'
import { partitionKeys } from './partition-keys.ts'
import { isStage, type StageNode } from './stage-node.ts'
import type { Undivided } from './undivided.ts'

/**
 * The stages whose tasks would tell of one key to whoever goes by it: when a row moves from one task to another, the second may tell that
 * it has come before the first tells that it has gone. Groups don't mind: they count rows and know no keys.
 */
export function toldApart(
  { sinks }: StreamGraph,
  stages: readonly StageNode[],
  { nodes, sent }: Undivided
): ReadonlySet<StreamNode> {
  const found = new Set<StreamNode>()
  const seen = new Set<StreamNode>()
  const visit = (node: StreamNode): void => {
    // Rows without a key are counted too.
    if (seen.has(node) || nodes.has(node) || node.traits.key === null) return
    seen.add(node)
    if (isStage(node) && !tellsInOrder(node)) found.add(node)
    if (node.kind !== 'Aggregate' && node.kind !== 'Over') node.inputs.forEach(visit)
  }
  for (const taker of [...sinks, ...stages]) {
    if (taker.kind === 'Aggregate' || taker.kind === 'Over') continue
    for (const input of taker.inputs) {
      if (input.traits.changes === 'retract') visit(input)
    }
  }
  for (const input of sent) if (input.traits.changes === 'retract') visit(input)
  return found
}

/** Whether one task tells all of a key. */
function tellsInOrder(node: StageNode): boolean {
  switch (node.kind) {
    case 'Aggregate':
    case 'Over':
      return true
    case 'TopN':
      return isTold(node, partitionKeys(node)[0]!)
    case 'Join':
      return isJoinTold(node)
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
