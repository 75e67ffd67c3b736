import type { OverCall, SortColumn } from '../ir/index.ts'

export interface OverColumns {
  readonly partition: readonly number[]
  readonly order: readonly SortColumn[]
}

/** The columns that PARTITION BY and ORDER BY are; constants are the same for all rows. */
export function columnsOfOver({ partition, order }: OverCall): OverColumns {
  return {
    partition: partition.flatMap(expr => (expr.kind === 'Column' ? [expr.index] : [])),
    order: order.flatMap(({ expr, descending, nullsFirst }) =>
      expr.kind === 'Column' ? [{ column: expr.index, descending, nullsFirst }] : []
    )
  }
}
