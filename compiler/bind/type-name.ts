import type { TypeName } from '../ast/index.ts'
import { typeNotFound, typeParameters } from '../diagnostics/bind-expressions.ts'
import { notSupportedYet } from '../diagnostics/bind.ts'
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INT,
  JSON_TYPE,
  MAX_PRECISION,
  SMALLINT,
  TEXT,
  TIMESTAMP,
  type SqlType
} from '../types/index.ts'
import { type BindContext, report } from './context.ts'

/** Type names, and other dialects' spellings of them. */
const types: Readonly<Record<string, SqlType>> = {
  BOOLEAN,
  BOOL: BOOLEAN,
  SMALLINT,
  INT2: SMALLINT,
  INT,
  INTEGER: INT,
  INT4: INT,
  BIGINT,
  INT8: BIGINT,
  DOUBLE,
  'DOUBLE PRECISION': DOUBLE,
  FLOAT8: DOUBLE,
  TEXT,
  STRING: TEXT,
  VARCHAR: TEXT,
  'CHARACTER VARYING': TEXT,
  TIMESTAMP,
  'TIMESTAMP WITHOUT TIME ZONE': TIMESTAMP,
  JSON: JSON_TYPE,
  JSONB: JSON_TYPE
}

/** Types of the language that do not compile yet. */
const planned: ReadonlySet<string> = new Set([
  ...['REAL', 'FLOAT', 'FLOAT4', 'BYTES', 'BYTEA', 'DATE', 'TIME', 'TIMESTAMPTZ', 'INTERVAL'],
  ...['TIMESTAMP WITH TIME ZONE', 'ARRAY', 'ROW', 'MAP', 'VECTOR', 'CHAR', 'CHARACTER']
])

/** What does for a planned type until it compiles. */
const nearest: Readonly<Record<string, string>> = {
  REAL: 'DOUBLE',
  FLOAT: 'DOUBLE',
  FLOAT4: 'DOUBLE',
  CHAR: 'TEXT',
  CHARACTER: 'TEXT'
}

/** The SQL type that a script names; null after a diagnostic. */
export function bindType(type: TypeName, cx: BindContext): SqlType | null {
  const { name, parameters, span } = type
  if (name === 'DECIMAL' || name === 'NUMERIC') return bindDecimal(type, cx)
  const found = Object.hasOwn(types, name) ? types[name] : undefined
  if (found !== undefined) {
    const takesLength = found.kind === 'Text' || found.kind === 'Timestamp'
    if (parameters.length > (takesLength ? 1 : 0)) {
      report(cx, typeParameters(name, 'no parameters', span))
      return null
    }
    if (found.kind === 'Text' && parameters.length > 0) {
      report(cx, notSupportedYet(`a length of ${name}`, span, 'Write TEXT.'))
      return null
    }
    return found
  }
  if (planned.has(name)) {
    const instead = Object.hasOwn(nearest, name) ? `Write ${nearest[name]}.` : undefined
    report(cx, notSupportedYet(`the type ${name}`, span, instead))
  } else report(cx, typeNotFound(name, span, [...Object.keys(types), 'DECIMAL', 'NUMERIC']))
  return null
}

function bindDecimal({ parameters, span }: TypeName, cx: BindContext): SqlType | null {
  if (parameters.length === 0) return { kind: 'Decimal', precision: null, scale: null }
  const [precision, scale] = [Number(parameters[0]), Number(parameters[1] ?? '0')]
  const fits = precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision
  if (parameters.length > 2 || !fits) {
    const wanted = `a precision from 1 to ${MAX_PRECISION} and a scale up to the precision`
    report(cx, typeParameters('DECIMAL', wanted, span))
    return null
  }
  return { kind: 'Decimal', precision, scale }
}
