import { js, type Code, makeCode, renderLines } from '../code/index.ts'
import type {
  BatchQuery,
  BoundChangeQuery,
  BoundPlainChange,
  BoundScript,
  BoundTable
} from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'
import { emitChanges, emitQueryCall } from './emit-changes.ts'
import { emitQuery } from './emit-query.ts'
import { makeModule, type Module } from './module.ts'
import type { TableNames } from './table-names.ts'

/** What the functions of a statement find around them. */
const RUNTIME = makeCode('runtime')
const PIPELINE = makeCode('pipeline')

/** A query as TypeScript: the body of a function of `runtime` and `pipeline` that gives the query's object. */
export function emitQueryStatement(query: BatchQuery, script: BoundScript): string {
  const module = makeModule(script)
  const name = emitQuery(query, module)
  return renderStatement(module, [], js`return ${name}`)
}

/** A change by what a query gives as TypeScript: like any change, with a runtime that has a function for it. */
export function emitChangeQueryStatement(
  { verb, table, query, span }: BoundChangeQuery,
  script: BoundScript
): string {
  const module = makeModule(script)
  const name = emitQuery(query, module)
  const names = {
    state: js`${PIPELINE}.table(${table})`,
    changed: js`${PIPELINE}.changed(${table})`
  }
  const change = emitQueryCall(verb, name, names, PIPELINE, span, module)
  return renderStatement(module, [], js`return () => ${change}`)
}

/**
 * A change as TypeScript: the body of a function of `runtime` and `pipeline`. It gives the function that makes the change with
 * values for its parameters, as often as it is called, and answers how many rows were changed.
 */
export function emitChangeStatement(
  change: BoundPlainChange,
  table: BoundTable,
  script: BoundScript,
  parameters: ReadonlyMap<number, SqlType>
): string {
  const module = makeModule(script)
  const { scope, body } = module
  const names: TableNames = {
    stored: { table, indexes: [], sources: [], columns: [], steps: [] },
    row: scope.exact('TableRow'),
    state: scope.name(`${table.name} table`),
    changed: scope.name(`changed ${table.name}`),
    rows: scope.name(`${table.name} rows`),
    indexes: []
  }
  const [run] = emitChanges([change], new Map([[table.name, names]]), module)
  const setup = [
    js`const ${names.state} = ${PIPELINE}.table(${table.name})`,
    js`const ${names.changed} = ${PIPELINE}.changed(${table.name})`,
    js`let parameters`
  ]
  body.block(js`return (values) =>`, () => {
    emitParameters(parameters, module)
    body.line(js`return ${run!}()`)
  })
  return renderStatement(module, setup, null)
}

/** The values as code reads them: a number with a point comes as its digits. */
function emitParameters(parameters: ReadonlyMap<number, SqlType>, module: Module): void {
  const { body } = module
  const converted = [...parameters].flatMap(([index, { kind }]) => {
    const value = js`values[${index}]`
    if (kind === 'Double') return [js`parameters[${index}] = Number(${value})`]
    if (kind !== 'Decimal') return []
    return [js`parameters[${index}] = ${module.use('decimalConstant')}(${value})`]
  })
  // The caller keeps its values for the next statement.
  body.line(converted.length === 0 ? js`parameters = values` : js`parameters = values.slice()`)
  for (const line of converted) body.line(line)
}

function renderStatement(module: Module, setup: readonly Code[], end: Code | null): string {
  const { constants, body } = module
  const lines = [...constants.lines, ...body.lines]
  const imports = [...module.imports].map(([name, code]) =>
    name === code.text ? code : js`${makeCode(String(name))}: ${code}`
  )
  const clock = module.usedClock
  const head = [
    js`const { ${imports} } = ${RUNTIME}`,
    ...(clock === null ? [] : [js`const ${clock} = ${PIPELINE}`]),
    ...setup
  ]
  return [
    ...head.map(code => code.text),
    renderLines(lines),
    ...(end === null ? [] : [end.text])
  ].join('\n')
}
