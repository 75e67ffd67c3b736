import type { TypeName } from '../ast/index.ts'
import { typeNotFound, typeParameters } from '../diagnostics/bind-expressions.ts'
import { duplicateColumn } from '../diagnostics/bind.ts'
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  BYTES,
  type Column,
  DATE,
  DOUBLE,
  INT,
  INTERVAL,
  JSON_TYPE,
  mapOf,
  MAX_PRECISION,
  REAL,
  SMALLINT,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  type SqlType
} from '../types/index.ts'
import { type BindContext, report } from './context.ts'
import { limitInside, type TextLimit } from './text-limit.ts'

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
  REAL,
  FLOAT4: REAL,
  DOUBLE,
  FLOAT: DOUBLE,
  'DOUBLE PRECISION': DOUBLE,
  FLOAT8: DOUBLE,
  TEXT,
  STRING: TEXT,
  VARCHAR: TEXT,
  'CHARACTER VARYING': TEXT,
  CHAR: TEXT,
  CHARACTER: TEXT,
  BYTES,
  BYTEA: BYTES,
  DATE,
  TIME,
  'TIME WITHOUT TIME ZONE': TIME,
  TIMESTAMP,
  'TIMESTAMP WITHOUT TIME ZONE': TIMESTAMP,
  TIMESTAMPTZ,
  'TIMESTAMP WITH TIME ZONE': TIMESTAMPTZ,
  // Flink's.
  TIMESTAMP_LTZ: TIMESTAMPTZ,
  INTERVAL,
  JSON: JSON_TYPE,
  JSONB: JSON_TYPE
}

/** The texts that may have a length, in characters; CHAR without one has 1. */
const limited: Readonly<
  Record<string, { readonly fixed: boolean; readonly usual: number | null }>
> = {
  VARCHAR: { fixed: false, usual: null },
  'CHARACTER VARYING': { fixed: false, usual: null },
  CHAR: { fixed: true, usual: 1 },
  CHARACTER: { fixed: true, usual: 1 }
}

/** PostgreSQL's. */
const MAX_LENGTH = 10_485_760

/** Longer vectors than any model makes. */
const MAX_DIMENSIONS = 65_536

/** Types whose parameter is a number of digits behind seconds: values keep their milliseconds. */
const takesDigits: ReadonlySet<SqlType['kind']> = new Set(['Time', 'Timestamp', 'TimestampTz'])

/** A type, and how long the texts of it may be, where a script says so. */
export interface LimitedType {
  readonly type: SqlType
  readonly limit: TextLimit | null
}

/** The type that a script names; null after a diagnostic. */
export function bindLimited(name: TypeName, cx: BindContext): LimitedType | null {
  switch (name.name) {
    case 'ARRAY':
      return bindArray(name, cx)
    case 'MAP':
      return bindMap(name, cx)
    case 'ROW':
      return bindRow(name, cx)
    default:
      return Object.hasOwn(limited, name.name) ? bindText(name, cx) : unlimited(bindPlain(name, cx))
  }
}

function unlimited(type: SqlType | null): LimitedType | null {
  return type === null ? null : { type, limit: null }
}

function bindText({ name, parameters, span }: TypeName, cx: BindContext): LimitedType | null {
  const { fixed, usual } = limited[name]!
  if (parameters.length === 0 && usual === null) return { type: TEXT, limit: null }
  const length = Number(parameters[0] ?? usual)
  const fits = Number.isInteger(length) && length >= 1 && length <= MAX_LENGTH
  if (parameters.length <= 1 && fits) return { type: TEXT, limit: { kind: 'text', length, fixed } }
  report(cx, typeParameters(name, 'a length from 1 to 10,485,760', span))
  return null
}

function bindPlain(type: TypeName, cx: BindContext): SqlType | null {
  switch (type.name) {
    case 'DECIMAL':
    case 'NUMERIC':
      return bindDecimal(type, cx)
    case 'FLOAT':
      return bindFloat(type, cx)
    case 'VECTOR':
      return bindVector(type, cx)
    default:
      return bindNamed(type, cx)
  }
}

function bindNamed({ name, parameters, span }: TypeName, cx: BindContext): SqlType | null {
  const found = Object.hasOwn(types, name) ? types[name]! : null
  if (found === null) {
    const names = [...Object.keys(types), 'DECIMAL', 'NUMERIC', 'VECTOR', 'ARRAY', 'MAP', 'ROW']
    report(cx, typeNotFound(name, span, names))
    return null
  }
  if (parameters.length > (takesDigits.has(found.kind) ? 1 : 0)) {
    report(cx, typeParameters(name, 'no parameters', span))
    return null
  }
  return found
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

/** FLOAT(n) is REAL up to 24 binary digits, and DOUBLE up to 53. */
function bindFloat({ parameters, span }: TypeName, cx: BindContext): SqlType | null {
  const digits = Number(parameters[0] ?? '53')
  if (parameters.length <= 1 && digits >= 1 && digits <= 53) return digits <= 24 ? REAL : DOUBLE
  report(cx, typeParameters('FLOAT', 'a number of binary digits from 1 to 53', span))
  return null
}

function bindVector({ parameters, span }: TypeName, cx: BindContext): SqlType | null {
  const dimensions = Number(parameters[0] ?? 'NaN')
  const fits = Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= MAX_DIMENSIONS
  if (parameters.length === 1 && fits) return { kind: 'Vector', dimensions }
  report(cx, typeParameters('VECTOR', `a number of elements from 1 to ${MAX_DIMENSIONS}`, span))
  return null
}

function bindArray({ elements, span }: TypeName, cx: BindContext): LimitedType | null {
  const [inner] = elements
  if (inner === undefined) {
    report(cx, typeParameters('ARRAY', 'a type: write it as T[]', span))
    return null
  }
  const element = bindLimited(inner, cx)
  return element && { type: arrayOf(element.type), limit: limitInside([element.limit]) }
}

function bindMap({ elements, span }: TypeName, cx: BindContext): LimitedType | null {
  const [key, value] = elements.map(element => bindLimited(element, cx))
  if (!key || !value) {
    if (elements.length === 0)
      report(cx, typeParameters('MAP', 'two types, as in MAP<TEXT, INT>', span))
    return null
  }
  if (key.type.kind === 'Text' && key.limit === null) {
    return { type: mapOf(value.type), limit: limitInside([value.limit]) }
  }
  report(cx, typeParameters('MAP', 'keys of type TEXT', elements[0]!.span))
  return null
}

function bindRow({ fields, span }: TypeName, cx: BindContext): LimitedType | null {
  if (fields.length === 0) {
    report(cx, typeParameters('ROW', 'fields, as in ROW(id BIGINT, name TEXT)', span))
    return null
  }
  const bound: Column[] = []
  const limits: (TextLimit | null)[] = []
  let complete = true
  for (const { name, type } of fields) {
    const field = bindLimited(type, cx)
    if (bound.some(field => field.name === name.name)) {
      report(cx, duplicateColumn(name.name, name.span, 'declaration'))
      complete = false
    }
    if (field === null) complete = false
    else {
      bound.push({ name: name.name, type: field.type, nullable: true })
      limits.push(field.limit)
    }
  }
  return complete ? { type: { kind: 'Row', fields: bound }, limit: limitInside(limits) } : null
}
