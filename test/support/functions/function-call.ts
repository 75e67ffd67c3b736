import { type FunctionEntry, type Signature } from '../../../compiler/functions/index.ts'
import { showType, type SqlType } from '../../../compiler/types/index.ts'
import { type Pool, pools } from './argument-pools.ts'
import { randomJson, randomSql, showJson, showSql, typeName } from './composite-value.ts'
import { pick, type Random } from './random-value.ts'

/** One overload of a function, ready to be called with random arguments. */
export interface FunctionCase {
  readonly entry: FunctionEntry
  readonly title: string
  readonly params: readonly SqlType[]
  readonly pools: readonly (Pool | null)[]
  /** The SQL of the call with arguments that are SQL too. */
  readonly call: (args: readonly string[]) => string
}

/** Of a function with any number of arguments: as many as it needs, and two more. */
export function makeCase(entry: FunctionEntry, signature: Signature): FunctionCase {
  const { rest } = signature
  const more = rest === null ? [] : [rest, rest]
  return makeCaseOf(entry, [...signature.params, ...more], args => showCall(entry, args))
}

/** `known`: what its arguments that are TEXT are drawn from, by index. */
export function makeCaseOf(
  entry: FunctionEntry,
  params: readonly SqlType[],
  call: FunctionCase['call'],
  known: Readonly<Record<number, Pool>> = pools[entry.name] ?? {}
): FunctionCase {
  const ofText = (i: number): boolean => params[i]!.kind === 'Text'
  return {
    entry,
    title: `${entry.name}(${params.map(showType).join(', ')})`,
    params,
    pools: params.map((_, i) => (ofText(i) ? (known[i] ?? null) : null)),
    call
  }
}

/** A random argument as a field of a record. */
export function randomField({ params, pools }: FunctionCase, i: number, random: Random): string {
  const [type, pool] = [params[i]!, pools[i]!]
  return pool === null ? randomJson(type, random) : showJson(fromPool(pool, random), type)
}

/** A random argument as an expression that reads nothing. */
export function randomExpression(
  { params, pools }: FunctionCase,
  i: number,
  random: Random
): string {
  const [type, pool] = [params[i]!, pools[i]!]
  return pool === null ? randomSql(type, random) : showSql(fromPool(pool, random), type)
}

/** Null for NULL, which constants that must be there never are. */
function fromPool(pool: Pool, random: Random): string | null {
  return pool.constant !== true && random(10) === 0 ? null : pick(random, pool.texts)
}

/** The SQL of a call with arguments that are SQL too. */
export function showCall({ name, kind, symbol }: FunctionEntry, args: readonly string[]): string {
  const [first = '', second = '', third] = args
  if (kind === 'function') return `${name}(${args.join(', ')})`
  if (args.length === 1) return `${symbol!} (${first})`
  const escape = third === undefined ? '' : ` ESCAPE ${third}`
  return `(${first}) ${symbol!} ${second}${escape}`
}

/** The column of a source that holds values of a type, and the expression that reads it: bytes and intervals come as TEXT. */
export function columnOf(type: SqlType, name: string): readonly [column: string, value: string] {
  const asText = type.kind === 'Bytes' || type.kind === 'Interval'
  return asText
    ? [`${name} TEXT`, `CAST(${name} AS ${typeName(type)})`]
    : [`${name} ${typeName(type)}`, name]
}
