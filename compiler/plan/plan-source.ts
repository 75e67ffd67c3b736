import {
  type BoundSource,
  type Expr,
  makeColumn,
  makeProject,
  makeSource,
  replaceColumns,
  type StreamNode
} from '../ir/index.ts'

/** The source's records; generated columns are computed by a Project above it. */
export function planSource(source: BoundSource): StreamNode {
  const { columns, schema, span } = source
  const reads = columns.flatMap(({ from }, index) => (from.kind === 'Generated' ? [] : [index]))
  const node = makeSource(source, reads)
  if (reads.length === columns.length) return node
  const column = (index: number): Expr =>
    makeColumn(reads.indexOf(index), schema.columns[index]!, columns[index]!.span)
  const exprs = columns.map(({ from }, index) =>
    from.kind === 'Generated' ? replaceColumns(from.expr, column) : column(index)
  )
  return makeProject(node, exprs, schema, span)
}
