import { type FunctionEntry, type Signature } from '../../../compiler/functions/index.ts'
import { showType, type SqlType } from '../../../compiler/types/index.ts'
import { type Pool, pools } from './argument-pools.ts'
import { pick, type Random, randomValue } from './random-value.ts'

/** One overload of a function, ready to be called with random arguments. */
export interface FunctionCase {
  readonly entry: FunctionEntry
  readonly title: string
  readonly params: readonly SqlType[]
  readonly pools: readonly (Pool | null)[]
}

/** Of a function with any number of arguments: as many as it needs, and two more. */
export function makeCase(entry: FunctionEntry, signature: Signature): FunctionCase {
  const { rest } = signature
  const more = rest === null ? [] : [rest, rest]
  const params = [...signature.params, ...more]
  const list = params.map(showType).join(', ')
  const ofText = (i: number): boolean => params[i]!.kind === 'Text'
  const known = pools[entry.name] ?? {}
  return {
    entry,
    title: `${entry.name}(${list})`,
    params,
    pools: params.map((_, i) => (ofText(i) ? (known[i] ?? null) : null))
  }
}

/** A random argument's text; null for NULL, which constants that must be there never are. */
export function randomArgument(
  { params, pools }: FunctionCase,
  i: number,
  use: 'field' | 'literal',
  random: Random
): string | null {
  const pool = pools[i]!
  if (pool === null) return randomValue(params[i]!.kind, use, random)
  if (pool.constant !== true && random(10) === 0) return null
  return pick(random, pool.texts)
}

/** The SQL of a call with arguments that are SQL too. */
export function showCall({ name, kind, symbol }: FunctionEntry, args: readonly string[]): string {
  const [first = '', second = '', third] = args
  if (kind === 'function') return `${name}(${args.join(', ')})`
  if (args.length === 1) return `${symbol!} (${first})`
  const escape = third === undefined ? '' : ` ESCAPE ${third}`
  return `(${first}) ${symbol!} ${second}${escape}`
}

/** A value as a literal of its type. */
export function showLiteral(text: string | null, type: SqlType): string {
  const quoted = text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
  return type.kind === 'Text' && text !== null ? quoted : `CAST(${quoted} AS ${typeName(type)})`
}

/** A value as a field of a record. */
export function showField(text: string | null, type: SqlType): string {
  if (text === null) return 'null'
  return isPlain(type) ? text : JSON.stringify(text)
}

/** Whether a record holds values of the type as their text, without quotes. */
function isPlain({ kind }: SqlType): boolean {
  return ['Boolean', 'SmallInt', 'Int', 'BigInt', 'Decimal', 'Real', 'Double', 'Json'].includes(
    kind
  )
}

/** The column of a source that holds values of a type, and the expression that reads it: bytes and intervals come as TEXT. */
export function columnOf(type: SqlType, name: string): readonly [column: string, value: string] {
  const asText = type.kind === 'Bytes' || type.kind === 'Interval'
  return asText
    ? [`${name} TEXT`, `CAST(${name} AS ${typeName(type)})`]
    : [`${name} ${typeName(type)}`, name]
}

export function typeName(type: SqlType): string {
  return type.kind === 'TimestampTz' ? 'TIMESTAMPTZ' : showType(type)
}
