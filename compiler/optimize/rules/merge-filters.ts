import { type Expr, makeAnd, makeFilter } from '../../ir/index.ts'
import { canFail } from '../can-fail.ts'
import type { Rule } from '../rule.ts'

/** Filter above Filter is one Filter, the lower one's condition first. */
export const mergeFilters: Rule = {
  name: 'merge-filters',
  apply(node, { readers }) {
    const input = node.inputs[0]
    if (node.kind !== 'Filter' || input?.kind !== 'Filter' || readers(input) > 1) return node
    // Two filters stop at a NULL, AND goes on behind it: no difference unless what comes then fails.
    if (input.predicate.nullable && canFail(node.predicate)) return node
    const conditions = [...conjuncts(input.predicate), ...conjuncts(node.predicate)]
    return makeFilter(input.inputs[0]!, makeAnd(conditions, input.span), input.span)
  }
}

function conjuncts(predicate: Expr): readonly Expr[] {
  return predicate.kind === 'And' ? predicate.args : [predicate]
}
