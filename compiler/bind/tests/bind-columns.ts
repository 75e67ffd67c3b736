import type { Identifier } from '../../ast/index.ts'
import { ambiguousName, columnNotFound } from '../../diagnostics/bind.ts'
import { testColumnRepeated } from '../../diagnostics/bind-tests.ts'
import type { RowType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { matchName } from '../names.ts'

/** The indexes of the columns that a test lists; null after a diagnostic. */
export function bindColumns(
  names: readonly Identifier[],
  { columns }: RowType,
  cx: BindContext
): number[] | null {
  const found: number[] = []
  for (const name of names) {
    const match = matchName(name, columns, column => column.name)
    const index = match.kind === 'Found' ? columns.indexOf(match.value) : -1
    if (match.kind === 'Ambiguous') {
      const candidates = match.values.map(column => column.name)
      report(cx, ambiguousName(name.name, candidates, name.span))
    } else if (match.kind === 'None') {
      const candidates = columns.map(column => column.name)
      report(cx, columnNotFound(name.name, name.span, candidates))
    } else if (found.includes(index)) report(cx, testColumnRepeated(name.name, name.span))
    else found.push(index)
  }
  return found.length === names.length ? found : null
}
