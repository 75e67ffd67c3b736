import { type Expr, makeLiteral } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { showType, type SqlType, TEXT, type TypeKind } from '../../types/index.ts'

/** `typeof(x)`: the type as scripts write it. It is known now, so the argument is not evaluated. */
export function bindTypeof(arg: Expr, span: Span): Expr {
  return makeLiteral(showType(arg.type), TEXT, span)
}

/** `pg_typeof(x)`: the type by PostgreSQL's name. */
export function bindPgTypeof(arg: Expr, span: Span): Expr {
  return makeLiteral(postgresName(arg.type), TEXT, span)
}

const names: Readonly<Partial<Record<TypeKind, string>>> = {
  Boolean: 'boolean',
  SmallInt: 'smallint',
  Int: 'integer',
  BigInt: 'bigint',
  Real: 'real',
  Double: 'double precision',
  Decimal: 'numeric',
  Text: 'text',
  Bytes: 'bytea',
  Date: 'date',
  Time: 'time without time zone',
  Timestamp: 'timestamp without time zone',
  TimestampTz: 'timestamp with time zone',
  Interval: 'interval',
  Json: 'json',
  Row: 'record',
  Null: 'unknown'
}

/** Types that PostgreSQL does not have keep the name that scripts write. */
function postgresName(type: SqlType): string {
  if (type.kind === 'Array') return `${postgresName(type.element)}[]`
  return names[type.kind] ?? showType(type)
}
