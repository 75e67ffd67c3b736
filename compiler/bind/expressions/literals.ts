import { invalidLiteral } from '../../diagnostics/bind-expressions.ts'
import { type LiteralExpr, type LiteralValue, makeLiteral } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import {
  BIGINT,
  canCoerce,
  DECIMAL,
  DOUBLE,
  INT,
  isNumeric,
  MAX_PRECISION,
  showType,
  type SqlType
} from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { arrayLiteral } from './array-literal.ts'
import { fitDecimal } from './fit-decimal.ts'
import { intervalFromText } from './interval-literal.ts'
import { jsonLiteral } from './literal-json.ts'
import { dateFromText, timeFromText, timestampFromText } from './temporal-literals.ts'

/**
 * Digits as the narrowest of INT, BIGINT and DECIMAL, as in PostgreSQL; as DOUBLE where they are more than a DECIMAL has.
 * Null after a diagnostic.
 */
export function bindNumber(digits: string, span: Span, cx: BindContext): LiteralExpr | null {
  if (/^[+-]?\d+$/.test(digits)) {
    const value = BigInt(digits)
    if (value >= -(2n ** 31n) && value < 2n ** 31n) return makeLiteral(Number(value), INT, span)
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return makeLiteral(value, BIGINT, span)
  }
  if (fitDecimal(digits, MAX_PRECISION, 0) !== undefined) return makeLiteral(digits, DECIMAL, span)
  const double = doubleFromText(digits, number => number)
  if (double !== undefined) return makeLiteral(double, DOUBLE, span)
  report(cx, invalidLiteral(digits, 'DOUBLE', span))
  return null
}

/**
 * A literal as one of another type: what PostgreSQL does with an unknown literal, and with a constant that is coerced.
 * Undefined where the conversion is left to run time; null after a diagnostic.
 */
export function convertLiteral(
  literal: LiteralExpr,
  type: SqlType,
  cx: BindContext
): LiteralExpr | null | undefined {
  const { value, span } = literal
  if (value === null) return makeLiteral(null, type, span)
  if (literal.type.kind === 'Text') {
    if (type.kind === 'Text') return literal
    // Of a value that is not known yet only its type matters: nothing runs.
    if (takeOpen(literal, type, cx)) return makeLiteral('', type, span)
    const converted = fromText(String(value), type)
    if (converted !== undefined) return makeLiteral(converted, type, span)
    if (isNotFinite(String(value), type)) return undefined
    report(cx, invalidLiteral(String(value), showType(type), span))
    return null
  }
  const converted =
    literal.type.kind === 'Array' ? fromArray(literal, type) : fromNumber(literal, type)
  return converted === undefined ? undefined : makeLiteral(converted, type, span)
}

/** Whether the literal stands for a value that is not known yet; its type is kept then. */
export function takeOpen(
  { span }: LiteralExpr,
  type: SqlType,
  { open, session }: BindContext
): boolean {
  if (open === null || span.file !== session.file || !open.has(span.start)) return false
  open.set(span.start, type)
  return true
}

/** NaN and infinities are no literals: emitters compare a literal as a number that equals itself. */
function isNotFinite(text: string, type: SqlType): boolean {
  const isFloat = type.kind === 'Double' || type.kind === 'Real'
  return isFloat && /^\s*[+-]?(nan|inf|infinity)\s*$/i.test(text)
}

/** Numbers in an array's JSON are read as any wider type of number. */
function fromArray({ value, type: from }: LiteralExpr, to: SqlType): LiteralValue | undefined {
  const same = from.kind === 'Array' && to.kind === 'Array'
  const widens = same && isNumeric(from.element) && canCoerce(from.element, to.element)
  if (widens && (to.element.kind !== 'Decimal' || to.element.precision === null)) return value
  return same && value === '[]' ? value : undefined
}

/** A numeric literal widened or as a DECIMAL that it fits; undefined where it has to be converted for each row, and fail. */
function fromNumber({ value, type: from }: LiteralExpr, to: SqlType): LiteralValue | undefined {
  if (!['Int', 'BigInt', 'Decimal'].includes(from.kind)) return undefined
  switch (to.kind) {
    case 'BigInt':
      return from.kind === 'Decimal' ? undefined : BigInt(value as number | bigint)
    case 'Decimal':
      return to.precision === null
        ? String(value)
        : fitDecimal(String(value), to.precision, to.scale ?? 0)
    case 'Double': {
      const number = Number(value)
      return Number.isFinite(number) ? number : undefined
    }
    case 'Real': {
      const number = Math.fround(Number(value))
      return Number.isFinite(number) ? number : undefined
    }
    case 'Int':
      return from.kind === 'Int' ? value : undefined
    case 'SmallInt':
      return from.kind === 'Int' ? integerFromText(String(value), 16) : undefined
    default:
      return undefined
  }
}

function fromText(text: string, type: SqlType): LiteralValue | undefined {
  switch (type.kind) {
    case 'Decimal':
      return decimalFromText(text.trim(), type)
    case 'Text':
      return text
    case 'Bytes':
      return bytesFromText(text)
    case 'Array':
      return arrayLiteral(text, type, fromText)
    case 'Row':
    case 'Map':
    case 'Vector':
      return jsonLiteral(text, type, fromText)
    case 'Null':
      return undefined
    default:
      return readers[type.kind](text.trim())
  }
}

/** Types whose texts mean the same whatever the type's parameters are. */
const readers = {
  Boolean: (text: string) => booleanFromText(text.toLowerCase()),
  SmallInt: (text: string) => integerFromText(text, 16),
  Int: (text: string) => integerFromText(text, 32),
  BigInt: (text: string) => integerFromText(text, 64),
  Real: (text: string) => doubleFromText(text, Math.fround),
  Double: (text: string) => doubleFromText(text, number => number),
  Date: dateFromText,
  Time: timeFromText,
  Timestamp: timestampFromText,
  TimestampTz: timestampFromText,
  Interval: (text: string) => intervalFromText(text),
  Json: (text: string) => (isJson(text) ? text : undefined)
}

function decimalFromText(
  text: string,
  { precision, scale }: Extract<SqlType, { kind: 'Decimal' }>
): LiteralValue | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  if (precision !== null) return fitDecimal(text, precision, scale ?? 0)
  return fitDecimal(text, MAX_PRECISION, 0) === undefined ? undefined : text
}

function doubleFromText(text: string, round: (value: number) => number): number | undefined {
  const number = round(Number(text))
  return text !== '' && Number.isFinite(number) ? number : undefined
}

/** PostgreSQL's `\\x` and hexadecimal digits, or text with its escapes; as base64. */
function bytesFromText(text: string): string | undefined {
  const match = /^\\x((?:[0-9a-f]{2})*)$/i.exec(text)
  if (match !== null) return Buffer.from(match[1]!, 'hex').toString('base64')
  const parts = text.split(/(\\\\|\\[0-3][0-7]{2})/)
  if (parts.some((part, i) => i % 2 === 0 && part.includes('\\'))) return undefined
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : byteOf(part)))
  ).toString('base64')
}

/** Two backslashes are one, and one before three octal digits makes a byte of them. */
function byteOf(escape: string): Buffer {
  return escape === '\\\\' ? Buffer.from('\\') : Buffer.of(Number.parseInt(escape.slice(1), 8))
}

function booleanFromText(text: string): boolean | undefined {
  if (text === '') return undefined
  if (['true', 'yes'].some(word => word.startsWith(text)) || text === 'on' || text === '1')
    return true
  if (['false', 'no'].some(word => word.startsWith(text)) || text === 'off' || text === '0')
    return false
  return undefined
}

function integerFromText(text: string, bits: number): LiteralValue | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text)
  const limit = 2n ** BigInt(bits - 1)
  if (value < -limit || value >= limit) return undefined
  return bits === 64 ? value : Number(value)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
