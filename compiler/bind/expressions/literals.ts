import { invalidLiteral } from '../../diagnostics/bind-expressions.ts'
import { type LiteralExpr, type LiteralValue, makeLiteral } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BIGINT, DECIMAL, INT, showType, type SqlType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { fitDecimal } from './fit-decimal.ts'

/** Digits as the narrowest of INT, BIGINT and DECIMAL, as in PostgreSQL. */
export function bindNumber(digits: string, span: Span): LiteralExpr {
  if (/^[+-]?\d+$/.test(digits)) {
    const value = BigInt(digits)
    if (value >= -(2n ** 31n) && value < 2n ** 31n) return makeLiteral(Number(value), INT, span)
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return makeLiteral(value, BIGINT, span)
  }
  return makeLiteral(digits, DECIMAL, span)
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
    const converted = fromText(String(value), type)
    if (converted !== undefined) return makeLiteral(converted, type, span)
    report(cx, invalidLiteral(String(value), showType(type), span))
    return null
  }
  const converted = fromNumber(literal, type)
  return converted === undefined ? undefined : makeLiteral(converted, type, span)
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
    case 'Int':
      return from.kind === 'Int' ? value : undefined
    case 'SmallInt':
      return from.kind === 'Int' ? integerFromText(String(value), 16) : undefined
    default:
      return undefined
  }
}

function fromText(text: string, type: SqlType): LiteralValue | undefined {
  const trimmed = text.trim()
  switch (type.kind) {
    case 'Boolean':
      return booleanFromText(trimmed.toLowerCase())
    case 'SmallInt':
      return integerFromText(trimmed, 16)
    case 'Int':
      return integerFromText(trimmed, 32)
    case 'BigInt':
      return integerFromText(trimmed, 64)
    case 'Decimal': {
      if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return undefined
      return type.precision === null
        ? trimmed
        : fitDecimal(trimmed, type.precision, type.scale ?? 0)
    }
    case 'Double': {
      const number = Number(trimmed)
      return trimmed !== '' && Number.isFinite(number) ? number : undefined
    }
    case 'Timestamp':
      return timestampFromText(trimmed)
    case 'Json':
      return isJson(text) ? trimmed : undefined
    default:
      return undefined
  }
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

const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/i

/** ISO 8601 as milliseconds since the epoch; without a zone it is UTC. */
export function timestampFromText(text: string): number | undefined {
  const match = TIMESTAMP.exec(text)
  if (match === null) return undefined
  const part = (index: number): number => Number(match[index] ?? '0')
  // What is finer than a millisecond is cut off, as in a record's column.
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const time = new Date(0)
  time.setUTCFullYear(part(1), part(2) - 1, part(3))
  time.setUTCHours(part(4), part(5), part(6), milliseconds)
  const exists = time.getUTCMonth() === part(2) - 1 && time.getUTCDate() === part(3) && part(4) < 24
  if (!exists || part(5) > 59 || part(6) > 59) return undefined
  const offset = (part(9) * 60 + part(10)) * 60_000
  return time.getTime() - (match[8] === '-' ? -offset : offset)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
