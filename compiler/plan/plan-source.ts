import {
  type BoundSource,
  type Expr,
  makeColumn,
  makeProject,
  makeSource,
  makeWatermark,
  replaceColumns,
  type StreamNode,
  typeAsRead
} from '../ir/index.ts'

/** The source's records, in time; generated columns, and texts of a length, are computed by a Project above it. */
export function planSource(source: BoundSource): StreamNode {
  const { columns } = source
  const reads = columns.flatMap(({ from }, index) => (from.kind === 'Generated' ? [] : [index]))
  const node = makeSource(source, reads)
  const isRead = columns.every(({ from, fitted }) => from.kind !== 'Generated' && fitted === null)
  const rows = isRead ? node : addComputed(node, source, reads)
  return source.watermark === null ? rows : makeWatermark(rows, source, source.watermark)
}

function addComputed(
  node: StreamNode,
  { columns, schema, span }: BoundSource,
  reads: readonly number[]
): StreamNode {
  const read = (index: number): Expr => {
    const column = columns[index]!
    const known = { ...schema.columns[index]!, type: typeAsRead(column) }
    return makeColumn(reads.indexOf(index), known, column.span)
  }
  const column = (index: number): Expr => {
    const { fitted } = columns[index]!
    return fitted === null ? read(index) : replaceColumns(fitted, read)
  }
  const exprs = columns.map(({ from }, index) =>
    from.kind === 'Generated' ? replaceColumns(from.expr, column) : column(index)
  )
  return makeProject(node, exprs, schema, span)
}
