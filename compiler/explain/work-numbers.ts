import { endKey, exchangeKey, stateKey, type StreamNode } from '../ir/index.ts'
import { rowKey } from './row-counts.ts'

/** What the emitter knows the work of an operator by; none: no line of code is there for it alone. */
function workKeys(node: StreamNode): readonly string[] {
  switch (node.kind) {
    case 'Source':
      return [endKey('Source', node.source.name)]
    case 'Watermark':
      return [endKey('Watermark', node.source.name)]
    case 'Sink':
      return [endKey('Sink', node.sink.name)]
    case 'Aggregate':
    case 'Join':
    case 'TopN':
    case 'Over':
      return [stateKey(node.name), exchangeKey(node.span)]
    default: {
      const key = rowKey(node)
      return key === null ? [] : [key]
    }
  }
}

/** The numbers that generated code has for what it is at. Operators that came of one place of the SQL have one between them. */
export interface WorkNumbers {
  /** By key, see ir/operator-keys.ts. */
  readonly byKey: ReadonlyMap<string, number>
  /** Null: the operator has no work of its own. */
  of(node: StreamNode): number | null
}

/** Each operator's number is its id in the plan, or the lowest of those that share it. */
export function numberWork(ids: ReadonlyMap<StreamNode, number>): WorkNumbers {
  const byKey = new Map<string, number>()
  for (const [node, id] of ids) {
    for (const key of workKeys(node)) if (!byKey.has(key)) byKey.set(key, id)
  }
  return {
    byKey,
    of(node) {
      const [key] = workKeys(node)
      return key === undefined ? null : byKey.get(key)!
    }
  }
}
