import { js } from '../code/index.ts'
import type { StepOf } from '../ir/index.ts'
import type { FunctionContext } from './function-context.ts'
import { placeOf, placeText } from './module.ts'
import type { TaskContext } from './task-context.ts'
import { withNull } from './value.ts'

/** The row goes into its table, over the row of its key; what follows the change is the table's. */
export function emitStore(
  { table, span }: StepOf<'Store'>,
  { out, module, row }: FunctionContext,
  task: TaskContext
): void {
  const { state, changed } = task.table(table.name)
  const args = [state, js`[${row.map(withNull)}]`, changed, js`${module.site(span)}`]
  out.comment(`${placeText(span)} ${table.name}`)
  out.line(js`${module.use('upsertRow')}(${args})`, placeOf(span))
}
