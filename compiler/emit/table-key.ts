import { js, type Code } from '../code/index.ts'
import type { Expr } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'
import type { FunctionContext } from './function-context.ts'
import { type Value, withNull } from './value.ts'

/** Types whose values are keys as they are. */
export const plainKeys: ReadonlySet<SqlType['kind']> = new Set([
  ...(['Boolean', 'SmallInt', 'Int', 'BigInt', 'Real', 'Double', 'Text', 'Timestamp'] as const)
])

/** The key that values make in a table where NULL is a value of it as any other. */
export function emitNullableKey(values: readonly Value[], { module }: FunctionContext): Code {
  return js`${module.use('nullableKey')}(${values.map(withNull)})`
}

/** The key that values make in a table: see runtime/state/table-key.ts. NULL where one of them is. */
export function emitTableKey(
  values: readonly Value[],
  exprs: readonly Pick<Expr, 'type'>[],
  { module }: FunctionContext
): Code {
  const [only] = values
  if (values.length === 1 && plainKeys.has(exprs[0]!.type.kind)) return withNull(only!)
  return js`${module.use('tableKey')}(${values.map(withNull)})`
}
