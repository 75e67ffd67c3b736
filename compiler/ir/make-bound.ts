import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { BoundRelation, BoundSelect } from './bound.ts'

/** A SELECT that computes columns of each row, and does nothing else. */
export function makeSelect(
  from: BoundRelation,
  items: BoundSelect['items'],
  schema: RowType,
  span: Span
): BoundSelect {
  return Object.freeze({
    kind: 'Select',
    from,
    where: null,
    grouping: null,
    items,
    emission: null,
    schema,
    span
  })
}
