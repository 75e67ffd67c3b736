import { js, type Code } from '../code/index.ts'
import type { BoundTable, Expr, Step, StoredTable } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { emitChangeWrite } from './emit-change-write.ts'
import { emitExpr } from './emit-expr.ts'
import { emitTest } from './emit-test.ts'
import { bind, type FunctionContext } from './function-context.ts'
import { type Module, placeText } from './module.ts'
import { emitTableKey } from './table-key.ts'
import type { TableNames } from './table-names.ts'
import { simpleValue, type Value, withNull } from './value.ts'

/** What the functions around a table need of the rest of the module. */
export interface TableContext {
  readonly module: Module
  writer(sink: string): Code
}

/** A row of a table as values: an element of its tuple per column. */
export function rowValues({ schema }: Pick<BoundTable, 'schema'>, row: Code): Value[] {
  return schema.columns.map(({ nullable }, index) =>
    simpleValue(js`${row}[${index}]`, nullable ? 'null' : 'never')
  )
}

/** The type of a table's rows, its indexes' entries, and the function that passes its changes on. */
export function emitTable(stored: StoredTable, names: TableNames, cx: TableContext): void {
  const { table } = stored
  const { body } = cx.module
  const columns = table.schema.columns.map(({ name, type }) => `${name} ${showType(type)}`)
  body.comment(`${table.name}: ${columns.join(', ')}. ${placeText(table.span)}`)
  emitRowType(table, names, cx.module)
  stored.indexes.forEach((exprs, i) => emitIndex(exprs, names.indexes[i]!, table, names, cx.module))
  emitChanged(stored, names, cx)
  body.blank()
}

function emitRowType({ schema }: BoundTable, names: TableNames, module: Module): void {
  const types = schema.columns.map(({ type, nullable }) => module.type(type, nullable))
  module.body.line(js`type ${names.row} = readonly [${types}]`)
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
    const cx = functionContext(rowValues(table, row), module)
    const values = exprs.map(expr => emitExpr(expr, cx))
    module.body.line(js`return ${emitTableKey(values, exprs, cx)}`)
  })
}

export function functionContext(row: readonly Value[], module: Module): FunctionContext {
  const scope = module.scope.inner()
  for (const name of ['row', 'op', 'before', 'after', 'key', 'rows', 'updates']) scope.exact(name)
  return { module, out: module.body, scope, row }
}

/** `changedX(op, before, after)`: writes a change to every sink that publishes the table, or a query over it. */
function emitChanged({ table, columns, steps }: StoredTable, names: TableNames, cx: TableContext) {
  const { module } = cx
  const { body } = module
  const views = steps.map(step => emitView(step, columns, table, names, module))
  module.useType('ChangeOp')
  const row = js`${names.row} | null`
  const unused = steps.length === 0
  const parameters = unused
    ? js`_op: ChangeOp, _before: ${row}, _after: ${row}`
    : js`op: ChangeOp, before: ${row}, after: ${row}`
  body.comment(`What follows a change of ${table.name}.`)
  body.block(js`function ${names.changed}(${parameters}): void`, () => {
    const change = { op: js`op`, before: js`before`, after: js`after` }
    const context = functionContext([], module)
    for (const { write, rowOf } of views) {
      if (rowOf === null) emitChangeWrite(write, change, context, cx.writer)
      else emitViewWrite(write, rowOf, context, cx.writer)
    }
  })
}

interface View {
  /** The function that makes the written row of the table's; null: they are the same. */
  readonly rowOf: Code | null
  readonly write: Extract<Step, { kind: 'Write' }>
}

/** A query over the table, as a function of one of its rows: the row that it publishes, or null. */
function emitView(
  step: Step,
  columns: readonly number[],
  table: BoundTable,
  names: TableNames,
  module: Module
): View {
  if (step.kind === 'Write') return { rowOf: null, write: step }
  const rowOf = module.scope.name(`${table.name} row`)
  const lines = module.body
  let write!: View['write']
  const values = rowValues(table, js`row`)
  const head = js`function ${rowOf}(row: ${names.row})`
  lines.block(head, () => {
    write = emitViewSteps(
      step,
      functionContext(
        columns.map(index => values[index]!),
        module
      )
    )
  })
  return { rowOf, write }
}

function emitViewSteps(step: Step, cx: FunctionContext): View['write'] {
  const { out } = cx
  switch (step.kind) {
    case 'Filter':
      out.line(js`if (!(${emitTest(step.predicate, cx)})) return null`)
      return emitViewSteps(step.steps[0]!, cx)
    case 'Project': {
      const row = step.exprs.map((expr, i) => {
        const value = emitExpr(expr, cx)
        return value.simple ? value : bind(value, cx, step.schema.columns[i]!.name)
      })
      return emitViewSteps(step.steps[0]!, { ...cx, row })
    }
    case 'Write':
      out.line(js`return [${cx.row.map(withNull)}] as const`)
      return step
    default:
      throw new Error(`${step.kind} does not follow a change`)
  }
}

/** The change of a query's row: it may come and go while the table's row stays. */
function emitViewWrite(
  write: View['write'],
  rowOf: Code,
  cx: FunctionContext,
  writerOf: TableContext['writer']
): void {
  const { out, scope } = cx
  const before = scope.name('was')
  const after = scope.name('is')
  const op = scope.name('change')
  out.line(js`const ${before} = before === null ? null : ${rowOf}(before)`)
  out.line(js`const ${after} = after === null ? null : ${rowOf}(after)`)
  out.if(js`${before} !== null || ${after} !== null`, () => {
    out.line(js`const ${op} = ${before} === null ? 'c' : ${after} === null ? 'd' : 'u'`)
    emitChangeWrite(write, { op, before, after }, cx, writerOf)
  })
}
