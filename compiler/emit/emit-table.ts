import { js, type Code } from '../code/index.ts'
import type { BoundTable, Expr } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { emitChanged } from './emit-changed.ts'
import { emitExpr } from './emit-expr.ts'
import { emitRowType } from './emit-row-type.ts'
import { functionContext } from './function-context.ts'
import { type Module, placeText } from './module.ts'
import { emitTableKey } from './table-key.ts'
import type { TableNames } from './table-names.ts'
import type { SharedNames } from './task-context.ts'
import { rowValues } from './value.ts'

/** The type of a table's rows, its indexes' entries, and the function that passes its changes on. */
export function emitTable(names: TableNames, module: Module, task: SharedNames): void {
  const { stored } = names
  const { table, columns, steps } = stored
  const { body } = module
  const shown = table.schema.columns.map(({ name, type }) => `${name} ${showType(type)}`)
  body.comment(`${table.name}: ${shown.join(', ')}. ${placeText(table.span)}`)
  emitRowType(names.row, table.schema, module)
  stored.indexes.forEach((exprs, i) => emitIndex(exprs, names.indexes[i]!, table, names, module))
  const { changed, row, rows } = names
  const { name: what, schema } = table
  emitChanged({ what, schema, columns, steps, changed, row, rows }, module, task)
  body.blank()
}

/** The row's entry in an index: the table's side of a join's key. */
function emitIndex(
  exprs: readonly Expr[],
  name: Code,
  table: BoundTable,
  names: TableNames,
  module: Module
): void {
  module.useType('TableKey')
  const row = js`row`
  module.body.block(js`function ${name}(row: ${names.row}): TableKey | null`, () => {
    const cx = functionContext(rowValues(table.schema, row), module)
    const values = exprs.map(expr => emitExpr(expr, cx))
    module.body.line(js`return ${emitTableKey(values, exprs, cx)}`)
  })
}
