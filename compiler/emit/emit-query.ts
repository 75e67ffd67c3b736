import { js, type Code } from '../code/index.ts'
import { accumulatorOf, emitComparer } from '../functions/index.ts'
import { type AggregateCall, type BatchQuery, type Grouping, groupingBits } from '../ir/index.ts'
import type { RowType } from '../types/index.ts'
import { emitArguments } from './emit-count.ts'
import { emitQueryInput } from './emit-query-input.ts'
import { functionContext } from './function-context.ts'
import type { Module } from './module.ts'
import { emitPredicate, emitRow, tuple, tupleType } from './row-functions.ts'

/** A query as an object of functions over rows: see runtime/query/query.ts. The result is the name of its variable. */
export function emitQuery(query: BatchQuery, module: Module): Code {
  const { body, scope } = module
  const input = emitQueryInput(query.input, module)
  const row = query.input.schema
  const grouping = emitGrouping(query, row, module)
  const groupRow = query.grouping === null ? row : groupSchema(query)
  const project = emitRow('project', query.items, groupRow, module)
  const sort = emitSort(query, groupRow, module)
  const name = scope.name('query')
  const { distinct, limit, offset } = query
  module.useType('Query')
  body.line(
    js`const ${name}: Query = { input: ${input}, grouping: ${grouping}, project: ${project}, distinct: ${distinct}, sort: ${sort}, limit: ${limit}, offset: ${offset} }`
  )
  return name
}

/** Keys, then aggregates. */
function groupSchema({ grouping }: BatchQuery): RowType {
  const { keys, aggregates } = grouping!
  const columns = [...keys, ...aggregates].map(({ type, nullable }) => ({
    name: '',
    type,
    nullable
  }))
  return { columns }
}

function emitGrouping(query: BatchQuery, row: RowType, module: Module): Code {
  const { grouping } = query
  if (grouping === null) return js`null`
  const { keys, sets, aggregates, having } = grouping
  const named = sets === null ? keys : keys.slice(0, -1)
  const keysOf = emitRow('keys', named, row, module)
  const calls = aggregates.map(call => emitAggregate(call, row, module))
  const test =
    having === null ? js`null` : emitPredicate('having', having, groupSchema(query), module)
  const written = emitSets(named.length, sets)
  return js`{ keys: ${keysOf}, sets: [${written}], aggregates: [${calls}], having: ${test} }`
}

function emitSets(count: number, sets: Grouping['sets']): Code[] {
  const all = [...Array(count).keys()]
  if (sets === null) return [js`{ has: [${all.map(() => js`true`)}], bits: null }`]
  return sets.map(set => {
    const has = all.map(key => js`${set.includes(key)}`)
    return js`{ has: [${has}], bits: ${groupingBits(all, set)} }`
  })
}

/** An aggregate over a list of fields: the same code that counts into the groups of a pipeline. */
function emitAggregate(call: AggregateCall, row: RowType, module: Module): Code {
  const { body, scope, use, constant, type } = module
  const site = (): Code => js`${module.site(call.span)}`
  const accumulator = accumulatorOf(call, { use, constant, type, site, retracts: false })
  const fields = accumulator.fields.map((_, i) => js`fields[${i}]`)
  const add = scope.name('add')
  module.useType('ValueBag')
  const kept = js`[${accumulator.fields.map(field => field.type)}]`
  const parameters = js`fields: ${kept}, seen: ValueBag, row: ${tupleType(row, module)}`
  body.block(js`function ${add}(${parameters})`, () => {
    const { test, args } = emitArguments(call, functionContext(tuple(row), module))
    const lines = accumulator.add(fields, args)
    const isFirst = call.distinct ? js`seen.add(${args[0]!})` : null
    const guard = test === null ? isFirst : isFirst === null ? test : js`${test} && ${isFirst}`
    const write = (): void => lines.forEach(line => body.line(line))
    if (guard === null) write()
    else body.if(guard, write)
  })
  const start = accumulator.fields.map(field => field.start)
  const result = accumulator.result(fields)
  return js`{ start: (): ${kept} => [${start}], add: ${add}, result: (fields: ${kept}) => ${result} }`
}

function emitSort({ orderBy }: BatchQuery, row: RowType, module: Module): Code {
  if (orderBy.length === 0) return js`null`
  const exprs = orderBy.map(({ expr }) => expr)
  const keys = emitRow('sortKeys', exprs, row, module)
  const order = orderBy.map(({ expr, descending, nullsFirst }) => {
    const compare = emitComparer(expr.type, module)
    return js`{ descending: ${descending}, nullsFirst: ${nullsFirst}, compare: ${compare} }`
  })
  return js`{ keys: ${keys}, order: [${order}] }`
}
