import {
  type BoundSource,
  type Expr,
  makeColumn,
  makeProject,
  makeSource,
  makeWatermark,
  replaceColumns,
  type StreamNode
} from '../ir/index.ts'

/** The source's records, in time; generated columns are computed by a Project above it. */
export function planSource(source: BoundSource): StreamNode {
  const { columns } = source
  const reads = columns.flatMap(({ from }, index) => (from.kind === 'Generated' ? [] : [index]))
  const node = makeSource(source, reads)
  const rows = reads.length === columns.length ? node : addGenerated(node, source, reads)
  return source.watermark === null ? rows : makeWatermark(rows, source, source.watermark)
}

function addGenerated(
  node: StreamNode,
  { columns, schema, span }: BoundSource,
  reads: readonly number[]
): StreamNode {
  const column = (index: number): Expr =>
    makeColumn(reads.indexOf(index), schema.columns[index]!, columns[index]!.span)
  const exprs = columns.map(({ from }, index) =>
    from.kind === 'Generated' ? replaceColumns(from.expr, column) : column(index)
  )
  return makeProject(node, exprs, schema, span)
}
