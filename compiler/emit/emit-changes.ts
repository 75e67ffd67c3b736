import { js, type Code } from '../code/index.ts'
import {
  type BoundChange,
  type BoundChangeQuery,
  type BoundDelete,
  type BoundInsertValues,
  type BoundTable,
  type BoundUpdate,
  columnsOf,
  type Expr,
  splitConjuncts
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitQuery } from './emit-query.ts'
import { emitTest } from './emit-test.ts'
import { functionContext } from './function-context.ts'
import { type Module, placeText, shortText } from './module.ts'
import { emitTableKey } from './table-key.ts'
import type { TableNames } from './table-names.ts'
import { rowValues, withNull } from './value.ts'

/** One function per statement: it changes the table and answers how many rows. The result is their names. */
export function emitChanges(
  changes: readonly BoundChange[],
  tables: ReadonlyMap<string, TableNames>,
  module: Module
): Code[] {
  return changes.map(change => emitChange(change, tables.get(change.table)!, module))
}

function emitChange(change: BoundChange, names: TableNames, module: Module): Code {
  const { body } = module
  if (change.kind === 'ChangeQuery') return emitChangeQuery(change, names, module)
  const name = module.scope.name(`${change.kind} ${change.table}`)
  body.comment(`${placeText(change.span)} ${shortText(change.span, 80)}`)
  body.block(js`function ${name}(): number`, () => {
    if (change.kind === 'InsertValues') emitInsert(change, names, module)
    else if (change.kind === 'Update') emitUpdate(change, names, module)
    else emitDelete(change, names, module)
  })
  body.blank()
  return name
}

/** What is asked stands before the function that makes the change. */
function emitChangeQuery(change: BoundChangeQuery, names: TableNames, module: Module): Code {
  const { verb, table, query, span } = change
  const { body, scope, use } = module
  body.comment(`${placeText(span)} ${shortText(span, 80)}`)
  const queried = emitQuery(query, module)
  const name = scope.name(`${verb} ${table}`)
  body.block(js`function ${name}(): number`, () => {
    const asked = js`${use('askTables')}(${module.clock()})`
    body.line(js`return ${emitQueryCall(verb, queried, names, asked, span, module)}`)
  })
  body.blank()
  return name
}

/** The call that makes a change by what a query gives. */
export function emitQueryCall(
  verb: BoundChangeQuery['verb'],
  query: Code,
  { state, changed }: Pick<TableNames, 'state' | 'changed'>,
  asked: Code,
  span: Span,
  module: Module
): Code {
  const args = [query, state, changed, asked]
  switch (verb) {
    case 'INSERT':
      return js`${module.use('insertQuery')}(${[...args, js`${module.site(span)}`]})`
    case 'UPDATE':
      return js`${module.use('updateQuery')}(${[...args, js`${module.site(span)}`]})`
    case 'DELETE':
      return js`${module.use('deleteQuery')}(${args})`
  }
}

function emitInsert({ rows, span }: BoundInsertValues, names: TableNames, module: Module): void {
  const { body, use } = module
  const cx = functionContext([], module)
  body.line(js`const rows: ${names.row}[] = []`)
  for (const row of rows) {
    const values = row.map(expr => withNull(emitExpr(expr, cx)))
    body.line(js`rows.push([${values}])`)
  }
  const args = [names.state, js`rows`, names.changed, js`${module.site(span)}`]
  body.line(js`return ${use('insertRows')}(${args})`)
}

function emitUpdate(update: BoundUpdate, names: TableNames, module: Module): void {
  const { body, use } = module
  const { key, rest } = splitKey(update.where, names.stored.table)
  if (key !== null && keepsKey(update, names.stored.table)) {
    return emitUpdateOne(update, key, rest, names, module)
  }
  module.useType('RowUpdate')
  body.line(js`const updates: RowUpdate<${names.row}>[] = []`)
  emitScan(update.where, names, module, cx => {
    const after = update.row.map(expr => withNull(emitExpr(expr, cx)))
    body.line(js`updates.push({ key, before: row, after: [${after}] })`)
  })
  const args = [names.state, js`updates`, names.changed, js`${module.site(update.span)}`]
  body.line(js`return ${use('updateRows')}(${args})`)
}

/** One row at most, found by its key, which stays: there is nothing to gather before the first change. */
function emitUpdateOne(
  update: BoundUpdate,
  key: readonly Expr[],
  rest: readonly Expr[],
  names: TableNames,
  module: Module
): void {
  const { body, use } = module
  const { state, stored, changed } = names
  const cx = functionContext(rowValues(stored.table.schema, js`row`), module)
  const values = key.map(expr => emitExpr(expr, cx))
  body.line(js`const key = ${emitTableKey(values, key, cx)}`)
  body.line(js`const row = ${state}.get(key)`)
  body.line(js`if (row === null) return 0`)
  if (rest.length > 0) body.line(js`if (!(${emitAll(rest, cx)})) return 0`)
  const after = update.row.map(expr => withNull(emitExpr(expr, cx)))
  body.line(js`return ${use('updateRow')}(${state}, key!, row, [${after}], ${changed})`)
}

function keepsKey({ row }: BoundUpdate, { key }: BoundTable): boolean {
  return (key ?? []).every(index => {
    const expr = row[index]!
    return expr.kind === 'Column' && expr.index === index
  })
}

function emitAll(conditions: readonly Expr[], cx: ReturnType<typeof functionContext>): Code {
  return conditions
    .map(condition => js`(${emitTest(condition, cx)})`)
    .reduce((all, test) => js`${all} && ${test}`)
}

function emitDelete({ where }: BoundDelete, names: TableNames, module: Module): void {
  const { body, use } = module
  module.useType('TableKey')
  body.line(js`const rows: TableKey[] = []`)
  emitScan(where, names, module, () => body.line(js`rows.push(key)`))
  body.line(js`return ${use('deleteRows')}(${names.state}, rows, ${names.changed})`)
}

/** `visit` for each row that fulfils the condition, as `key` and `row`; a condition on the whole key finds its row at once. */
function emitScan(
  where: Expr | null,
  { stored, state }: TableNames,
  module: Module,
  visit: (cx: ReturnType<typeof functionContext>) => void
): void {
  const { table } = stored
  const { body } = module
  const values = rowValues(table.schema, js`row`)
  const cx = functionContext(values, module)
  const { key, rest } = splitKey(where, table)
  const rows =
    key === null
      ? js`${state}.entries()`
      : js`${state}.only(${emitTableKey(
          key.map(expr => emitExpr(expr, cx)),
          key,
          cx
        )})`
  body.block(js`for (const [key, row] of ${rows})`, () => {
    if (rest.length === 0) return visit(cx)
    body.if(emitAll(rest, cx), () => visit(cx))
  })
}

/** `key = constant` for each column of the PRIMARY KEY, and the other conditions. */
function splitKey(
  where: Expr | null,
  table: BoundTable
): { readonly key: readonly Expr[] | null; readonly rest: readonly Expr[] } {
  const conditions = where === null ? [] : splitConjuncts(where)
  const found = (table.key ?? []).map(index =>
    conditions.find(condition => constantFor(condition, index) !== null)
  )
  if (found.length === 0 || !found.every(condition => condition !== undefined)) {
    return { key: null, rest: conditions }
  }
  const key = found.map((condition, i) => constantFor(condition, table.key![i]!)!)
  return { key, rest: conditions.filter(condition => !found.includes(condition)) }
}

function constantFor(condition: Expr, index: number): Expr | null {
  if (condition.kind !== 'Call' || condition.function !== 'equal') return null
  const [a, b] = condition.args as readonly [Expr, Expr]
  if (a.kind === 'Column' && a.index === index && columnsOf([b]).length === 0) return b
  if (b.kind === 'Column' && b.index === index && columnsOf([a]).length === 0) return a
  return null
}
