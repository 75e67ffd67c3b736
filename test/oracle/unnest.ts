import type { Unnest } from '../../compiler/ir/index.ts'
import { evalExpr } from './eval.ts'
import { Failure } from './failure.ts'
import { type Json, parseJson } from './json.ts'
import type { Row, Value } from './value.ts'

const MAX_DEPTH = 512

/** The row beside each element of its array. */
export function unnestRow({ array, join, columns }: Unnest, row: Row): Row[] {
  const value = evalExpr(array, row)
  const items = value === null ? [] : itemsOf(value)
  if (items.length === 0 && join === 'LEFT') return [[...row, ...columns.map(() => null)]]
  return items.map((item, i) => {
    const added: readonly Value[] = [item, BigInt(i + 1)]
    return [...row, ...added.slice(0, columns.length)]
  })
}

function itemsOf(value: Exclude<Value, null>): readonly Value[] {
  if (typeof value !== 'string') return value as readonly Value[]
  const json = parse(value)
  if (json.kind !== 'Array') throw new Failure('not-an-array', json.kind)
  return json.items.map(item => (item.kind === 'Null' ? null : item.text))
}

function parse(text: string): Json {
  try {
    return parseJson(text, MAX_DEPTH)
  } catch {
    throw new Failure('invalid-json', 'not JSON')
  }
}
