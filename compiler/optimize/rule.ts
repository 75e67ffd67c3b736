import type { BoundScript, StreamNode } from '../ir/index.ts'

/** One rewrite. It returns the same object where it finds nothing to do, and never changes schema or traits. */
export interface Rule {
  readonly name: string
  /** `node` has rewritten inputs already; `readers` says how many nodes read an input: a shared one is not duplicated. */
  apply(node: StreamNode, cx: RuleContext): StreamNode
}

export interface RuleContext {
  readers(node: StreamNode): number
  readonly settings: BoundScript['settings']
}
