import {
  type Expr,
  keyColumn,
  makeCase,
  makeColumn,
  makeIsNull,
  makeLiteral,
  makeNot
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { RowType } from '../../types/index.ts'
import type { BoundKey } from './lookup-keys.ts'

/**
 * An expression over a lookup's row, whose table begins at `width`: NULL where no row was found. The table's own columns are NULL
 * then; anything else has to ask a column of the key, which is not NULL where it has matched. Null where there is none.
 */
export function whereFound(
  expr: Expr,
  keys: readonly BoundKey[],
  width: number,
  schema: RowType,
  span: Span
): Expr | null {
  if (expr.kind === 'Column' && expr.index >= width) {
    return makeColumn(expr.index, schema.columns[expr.index]!, expr.span)
  }
  const found = isFound(keys, width, schema, span)
  if (found === null) return null
  const { type } = expr
  return makeCase([{ when: found, then: expr }], makeLiteral(null, type, span), type, span)
}

/** Whether a lookup found a row; null where no key is a column of the table. */
export function isFound(
  keys: readonly BoundKey[],
  width: number,
  { columns }: RowType,
  span: Span
): Expr | null {
  const at = keys.flatMap(({ right }) => keyColumn(right) ?? [])[0]
  if (at === undefined) return null
  const key = makeColumn(width + at, columns[width + at]!, span)
  return makeNot(makeIsNull(key, span), span)
}
