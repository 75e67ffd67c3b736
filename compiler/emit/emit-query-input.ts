import { js, type Code } from '../code/index.ts'
import type {
  BatchInput,
  BatchJoin,
  BatchKey,
  BatchNested,
  BatchProbed,
  BatchUnnest,
  Expr
} from '../ir/index.ts'
import type { RowType } from '../types/index.ts'
import { emitItems } from './emit-unnest.ts'
import { emitQuery } from './emit-query.ts'
import type { Module } from './module.ts'
import { emitFunction, emitPredicate, emitRow, emitValue } from './row-functions.ts'
import { withNull } from './value.ts'

const NO_COLUMNS: RowType = { columns: [] }

/** What a query reads, as an object: see runtime/query/query.ts. */
export function emitQueryInput(input: BatchInput, module: Module): Code {
  switch (input.kind) {
    case 'Table':
      return js`{ kind: 'table', name: ${input.name} }`
    case 'KeyedTable':
      return js`{ kind: 'keyed', name: ${input.name} }`
    case 'System':
      return js`{ kind: 'system', name: ${input.name} }`
    case 'Query':
      return js`{ kind: 'query', query: ${emitQuery(input.query, module)} }`
    case 'Nothing':
      return js`{ kind: 'nothing' }`
    case 'Values':
      return js`{ kind: 'values', rows: [${input.rows.map(row => emitRow('values', row, NO_COLUMNS, module))}] }`
    case 'SetOperation': {
      const { operator, all, left, right } = input
      return js`{ kind: 'set', operator: ${operator}, all: ${all}, left: ${emitQuery(left, module)}, right: ${emitQuery(right, module)} }`
    }
    case 'Join':
      return emitJoin(input, module)
    case 'Unnest':
      return emitUnnestInput(input, module)
    case 'Filtered': {
      const test = emitPredicate('where', input.where, input.schema, module)
      return js`{ kind: 'filter', input: ${emitQueryInput(input.input, module)}, test: ${test} }`
    }
    case 'Probed':
      return emitProbe(input, module)
    case 'Nested':
      return emitNested(input, module)
  }
}

function emitJoin(input: BatchJoin, module: Module): Code {
  const { join, left, right, keys, condition } = input
  const both = { columns: [...left.schema.columns, ...right.schema.columns] }
  const test = condition === null ? js`null` : emitPredicate('on', condition, both, module)
  const sides = js`left: ${emitQueryInput(left, module)}, right: ${emitQueryInput(right, module)}`
  const widths = js`leftWidth: ${left.schema.columns.length}, rightWidth: ${right.schema.columns.length}`
  return js`{ kind: 'join', join: ${join}, ${sides}, ${widths}, keys: ${emitKeys(keys, left.schema, right.schema, module)}, condition: ${test} }`
}

/** Functions of both rows; null where every row meets every other. */
function emitKeys(keys: readonly BatchKey[], left: RowType, right: RowType, module: Module): Code {
  if (keys.length === 0) return js`null`
  const sideOf = (exprs: readonly Expr[], schema: RowType): Code =>
    emitRow('keys', exprs, schema, module)
  const ofLeft = sideOf(
    keys.map(key => key.left),
    left
  )
  const ofRight = sideOf(
    keys.map(key => key.right),
    right
  )
  return js`{ left: ${ofLeft}, right: ${ofRight} }`
}

function emitUnnestInput({ input, unnest }: BatchUnnest, module: Module): Code {
  const items = emitFunction('items', input.schema, module, cx =>
    withNull(emitItems(unnest.array, cx))
  )
  return js`{ kind: 'unnest', input: ${emitQueryInput(input, module)}, items: ${items}, join: ${unnest.join}, ordinality: ${unnest.columns.length > 1} }`
}

function emitProbe({ input, probe }: BatchProbed, module: Module): Code {
  const { kind, query, correlated, test, keys } = probe
  const both = { columns: [...input.schema.columns, ...query.schema.columns] }
  const isIn = test === null ? js`null` : emitValue('isIn', test, both, module)
  const byKey = emitKeys(keys, input.schema, query.schema, module)
  return js`{ kind: 'probe', input: ${emitQueryInput(input, module)}, probe: { kind: ${kind}, query: ${emitQuery(query, module)}, correlated: ${correlated}, test: ${isIn}, keys: ${byKey} } }`
}

function emitNested({ input, keys, schema }: BatchNested, module: Module): Code {
  const width = schema.columns.length - input.schema.columns.length
  const around = { columns: schema.columns.slice(0, width) }
  const byKey = emitKeys(keys, around, input.schema, module)
  return js`{ kind: 'nested', input: ${emitQueryInput(input, module)}, keys: ${byKey} }`
}
