import {
  columnsOf,
  type Expr,
  makeAnd,
  makeFilter,
  makeLookup,
  makeProject,
  makeUnion,
  type NodeOf,
  readsWithin,
  replaceColumns,
  splitConjuncts,
  type StreamNode
} from '../../ir/index.ts'
import { canFail } from '../can-fail.ts'
import { isVolatile } from '../../functions/index.ts'
import type { Rule } from '../rule.ts'

/**
 * Moves a Filter below a Project, Union or Lookup. It stays above what other readers share, and where moving would change which rows
 * an expression that can fail runs for, or compute an expression twice. It never moves below a Predict: a model may fail for
 * a row, which is then an error whatever the filter says. (A WHERE beside the model is below it already: see plan.)
 */
export const pushFilterDown: Rule = {
  name: 'push-filter-down',
  apply(node, { readers }) {
    const input = node.inputs[0]
    if (node.kind !== 'Filter' || input === undefined || readers(input) > 1) return node
    switch (input.kind) {
      case 'Project':
        return belowProject(node, input)
      case 'Union':
        return belowUnion(node, input)
      case 'Lookup':
        return belowLookup(node, input)
      default:
        return node
    }
  }
}

function belowProject(filter: NodeOf<'Filter'>, project: NodeOf<'Project'>): StreamNode {
  const plain = columnsOf([filter.predicate]).every(index => isPlain(project.exprs[index]!))
  if (!plain || project.exprs.some(canFail)) return filter
  const predicate = replaceColumns(filter.predicate, index => project.exprs[index]!)
  const below = makeFilter(project.inputs[0]!, predicate, filter.span)
  return makeProject(below, project.exprs, project.schema, project.span)
}

/** Costs nothing to have twice. */
function isPlain({ kind }: Expr): boolean {
  return kind === 'Column' || kind === 'Literal'
}

function belowUnion(filter: NodeOf<'Filter'>, union: NodeOf<'Union'>): StreamNode {
  const inputs = union.inputs.map(input => makeFilter(input, filter.predicate, filter.span))
  return makeUnion(inputs, union.schema, union.span)
}

/** What is asked of the event alone is asked before anything is looked up for it. */
function belowLookup(filter: NodeOf<'Filter'>, lookup: NodeOf<'Lookup'>): StreamNode {
  const { join, keys, condition, span } = lookup
  const [events, table] = lookup.inputs
  const looksUp = [...keys.map(({ left }) => left), ...(condition === null ? [] : [condition])]
  // More rows than one fail a query as a value, of whatever event.
  if (join === 'SINGLE' || [filter.predicate, ...looksUp].some(canFail)) return filter
  const width = events.schema.columns.length
  const conditions = splitConjuncts(filter.predicate)
  const ofEvent = conditions.filter(one => readsWithin(one, 0, width) && !isVolatile(one))
  if (ofEvent.length === 0) return filter
  const below = makeFilter(events, makeAnd(ofEvent, filter.span), filter.span)
  const after = makeLookup([below, table], join, keys, condition, span)
  const rest = conditions.filter(one => !ofEvent.includes(one))
  return rest.length === 0 ? after : makeFilter(after, makeAnd(rest, filter.span), filter.span)
}
