import {
  type BoundTable,
  type Expr,
  keyColumn,
  type LookupKey,
  makeInterner,
  type NodeOf,
  type Step,
  type StreamNode
} from '../ir/index.ts'

/** Which index of its table each lookup uses; lookups by the same key share one. */
export interface LookupIndexes {
  /** The table's side of each index, beside its PRIMARY KEY. */
  indexesOf(table: BoundTable): readonly (readonly Expr[])[]
  makeStep(node: NodeOf<'Lookup'>, steps: readonly Step[]): Step
}

export function planIndexes(nodes: Iterable<StreamNode>): LookupIndexes {
  const intern = makeInterner()
  const indexes = new Map<BoundTable, { readonly id: string; readonly exprs: readonly Expr[] }[]>()
  const uses = new Map<StreamNode, { readonly keys: readonly LookupKey[]; index: number | null }>()
  for (const node of nodes) {
    if (node.kind !== 'Lookup') continue
    const { table } = node.inputs[1]
    const primary = byPrimaryKey(node.keys, table)
    if (primary !== null) {
      uses.set(node, { keys: primary, index: null })
      continue
    }
    const known = indexes.get(table) ?? []
    indexes.set(table, known)
    const exprs = node.keys.map(key => key.right)
    const id = exprs.map(intern).join()
    let index = known.findIndex(other => other.id === id)
    if (index < 0) index = known.push({ id, exprs }) - 1
    uses.set(node, { keys: node.keys, index })
  }
  return {
    indexesOf: table => (indexes.get(table) ?? []).map(({ exprs }) => exprs),
    makeStep(node, steps) {
      const { keys, index } = uses.get(node)!
      const { join, condition, schema, span } = node
      const { table } = node.inputs[1]
      return Object.freeze({
        kind: 'Lookup',
        join,
        table,
        keys,
        index,
        condition,
        together: null,
        schema,
        steps,
        span
      })
    }
  }
}

/** The keys in the order of the PRIMARY KEY where they are it, whole; else null. */
function byPrimaryKey(
  keys: readonly LookupKey[],
  { key }: BoundTable
): readonly LookupKey[] | null {
  if (key === null || key.length !== keys.length) return null
  const ordered = key.map(index => keys.find(({ right }) => keyColumn(right) === index))
  return ordered.every(found => found !== undefined) ? ordered : null
}
