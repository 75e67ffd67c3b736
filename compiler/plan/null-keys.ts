import {
  type Expr,
  type JoinKind,
  type LookupJoin,
  mirroredComparisons,
  type NodeOf,
  splitConjuncts,
  type StreamNode
} from '../ir/index.ts'

/** Whether a column of a stream may be NULL, by what its query asks of it and by whose key it is: its type knows neither. */
export function columnMayBeNull(node: StreamNode, column: number): boolean {
  if (!node.schema.columns[column]!.nullable) return false
  switch (node.kind) {
    case 'Project':
      return mayGiveNull(node.exprs[column]!, node.inputs[0]!)
    case 'Aggregate':
      return groupMayHaveNull(node, column)
    case 'Table':
      return !isChecked(node, column) && node.inputs.some(input => columnMayBeNull(input, column))
    case 'Union':
      return node.inputs.some(input => columnMayBeNull(input, column))
    case 'Join':
    case 'Lookup':
      return mayBeNullOfSides(node.inputs, node.join, column)
    case 'Source':
    case 'Sink':
      return true
    default:
      return passes(node, column) && goesOnMayBeNull(node.inputs[0]!, column)
  }
}

/** Whether a row in which the column is NULL comes through. */
function passes(node: StreamNode, column: number): boolean {
  if (node.kind !== 'Filter') return true
  return !splitConjuncts(node.predicate).some(one => isNotNull(one, column))
}

/** Of a node whose rows are those of its input, with columns of its own behind them. */
function goesOnMayBeNull(input: StreamNode, column: number): boolean {
  return column >= input.schema.columns.length || columnMayBeNull(input, column)
}

/** A row without a time is in no window. */
function groupMayHaveNull({ keys, window, inputs }: NodeOf<'Aggregate'>, column: number): boolean {
  if (column === window?.key) return false
  return column >= keys.length || mayGiveNull(keys[column]!, inputs[0]!)
}

function isChecked({ table: { key, nullsInKey } }: NodeOf<'Table'>, column: number): boolean {
  return !nullsInKey && key?.includes(column) === true
}

/** Of a LEFT join the right side may be missing, of a FULL one either. */
function mayBeNullOfSides(
  [left, right]: readonly [StreamNode, StreamNode],
  join: JoinKind | LookupJoin,
  column: number
): boolean {
  const width = left.schema.columns.length
  if (column < width) return join === 'FULL' || columnMayBeNull(left, column)
  return join !== 'INNER' || columnMayBeNull(right, column - width)
}

function mayGiveNull(expr: Expr, input: StreamNode): boolean {
  return expr.kind === 'Column' ? columnMayBeNull(input, expr.index) : expr.nullable
}

/** Whether a condition holds for no row in which the column is NULL. */
function isNotNull(condition: Expr, column: number): boolean {
  const isColumn = (expr: Expr): boolean => expr.kind === 'Column' && expr.index === column
  switch (condition.kind) {
    case 'Not':
      return condition.arg.kind === 'IsNull' && isColumn(condition.arg.arg)
    case 'Call':
      return condition.function in mirroredComparisons && condition.args.some(isColumn)
    case 'In':
      return isColumn(condition.arg)
    default:
      return false
  }
}
