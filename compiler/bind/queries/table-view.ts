import {
  callsModel,
  type BoundRelation,
  type Expr,
  makeColumn,
  replaceColumns,
  shiftColumns,
  splitConjuncts
} from '../../ir/index.ts'

export type TableScan = Extract<BoundRelation, { kind: 'TableScan' }>

/** Rows of one table, some of them, with columns computed from theirs: what a lookup in the table itself can give. */
export interface TableView {
  readonly scan: TableScan
  /** Over the table's row. */
  readonly columns: readonly Expr[]
  readonly where: readonly Expr[]
}

/** Null: it is something else, such as a stream. */
export function tableViewOf(relation: BoundRelation): TableView | null {
  if (relation.kind === 'TableScan') {
    const { schema, span } = relation
    const columns = schema.columns.map((column, i) => makeColumn(i, column, span))
    return { scan: relation, columns, where: [] }
  }
  if (relation.kind === 'Filtered') {
    return over(relation.input, null, [relation.where])
  }
  if (relation.kind !== 'Derived' || relation.query.kind !== 'Select') return null
  const { from, items, where, grouping } = relation.query
  if (grouping !== null) return null
  return over(
    from,
    items.map(({ expr }) => expr),
    where === null ? [] : [where]
  )
}

/** `items` null: the columns stay. */
function over(
  from: BoundRelation,
  items: readonly Expr[] | null,
  conditions: readonly Expr[]
): TableView | null {
  const inner = tableViewOf(from)
  if (inner === null || [...(items ?? []), ...conditions].some(callsModel)) return null
  const put = (expr: Expr): Expr => replaceColumns(expr, index => inner.columns[index]!)
  const where = conditions.flatMap(splitConjuncts).map(put)
  return {
    scan: inner.scan,
    columns: items === null ? inner.columns : items.map(put),
    where: [...inner.where, ...where]
  }
}

/** An expression over a row with the view's columns from `width` on, as one with the table's columns there. */
export function overTable(expr: Expr, { columns }: TableView, width: number): Expr {
  return replaceColumns(expr, (index, column) => {
    if (index < width) return column
    const meant = columns[index - width]!
    // A mistake is shown where the name was written, not where its table is.
    return meant.kind === 'Column'
      ? makeColumn(meant.index + width, meant, column.span)
      : behind(meant, width)
  })
}

/** An expression over the table's row where that row begins at `width`. */
export function behind(expr: Expr, width: number): Expr {
  return shiftColumns(expr, width)
}
