import * as sql from '../sql/decimal.ts'
import { failure } from '../sql/failure.ts'
import { timestampFromText } from '../sql/timestamp.ts'
import { ValueError } from '../sql/value-error.ts'
import { normalBigInt, type BigIntValue } from './bigint.ts'
import { doubleToReal } from './cast-number.ts'
import { atSite } from './at-site.ts'
import type { Decimal } from '../sql/decimal.ts'

// The input rules are PostgreSQL's: white space around the value is ignored, nothing else is.

const INTEGER = /^[ \t\n\v\f\r]*([+-]?\d+)[ \t\n\v\f\r]*$/
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const NONZERO_DIGIT = /^[+-]?[0.]*[1-9]/

/** How much of a text that can't be cast is quoted in the message. */
const QUOTED = 60

/** The failure of a text that is no value of a type. */
export function invalid(site: number, type: string, text: string): unknown {
  const shown = text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text
  return failure(site, 'invalid-cast', `the text ${JSON.stringify(shown)} is not ${type}`)
}

function integerIn(text: string, min: bigint, max: bigint, type: string, site: number): bigint {
  const match = INTEGER.exec(text)
  if (match === null) throw invalid(site, type, text)
  const value = BigInt(match[1]!.replace('+', ''))
  if (value < min || value > max) {
    throw failure(site, 'out-of-range', `the value is out of range for ${type}`)
  }
  return value
}

export function textToSmallInt(text: string, site: number): number {
  return Number(integerIn(text, -32768n, 32767n, 'SMALLINT', site))
}
export function textToInt(text: string, site: number): number {
  return Number(integerIn(text, -2147483648n, 2147483647n, 'INT', site))
}
export function textToBigInt(text: string, site: number): BigIntValue {
  return normalBigInt(integerIn(text, -(2n ** 63n), 2n ** 63n - 1n, 'BIGINT', site))
}

/** NaN and infinities by name too; a number that a double would make infinite or zero is out of range. */
export function textToDouble(text: string, site: number): number {
  const trimmed = text.trim()
  if (!NUMBER.test(trimmed)) return specialDouble(trimmed, text, site)
  const value = Number(trimmed)
  if (!Number.isFinite(value) || (value === 0 && NONZERO_DIGIT.test(trimmed))) {
    throw failure(site, 'out-of-range', 'the value is out of range for DOUBLE')
  }
  return value
}

function specialDouble(trimmed: string, text: string, site: number): number {
  switch (trimmed.toLowerCase()) {
    case 'nan':
    case '+nan':
    case '-nan':
      return NaN
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return Infinity
    case '-infinity':
    case '-inf':
      return -Infinity
    default:
      throw invalid(site, 'DOUBLE', text)
  }
}

/** As `textToDouble`, in single precision. */
export function textToReal(text: string, site: number): number {
  return doubleToReal(textToDouble(text, site), site)
}

export function textToDecimal(text: string, site: number): Decimal {
  let value: Decimal | null
  try {
    value = sql.parseDecimal(text)
  } catch (error) {
    throw atSite(error, site)
  }
  if (value === null) throw invalid(site, 'DECIMAL', text)
  return value
}

/** PostgreSQL's words for TRUE and FALSE, and every beginning of one that means only it. */
export function textToBoolean(text: string, site: number): boolean {
  const word = text.trim().toLowerCase()
  if (word !== '') {
    if ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1') {
      return true
    }
    const off = word.length > 1 && 'off'.startsWith(word)
    if ('false'.startsWith(word) || 'no'.startsWith(word) || off || word === '0') return false
  }
  throw invalid(site, 'BOOLEAN', text)
}

/** ISO 8601 in UTC or with a zone, read as a TIMESTAMP column of a JSON source reads it. */
export function textToTimestamp(text: string, site: number): number {
  try {
    return timestampFromText(text)
  } catch (error) {
    throw error instanceof ValueError ? invalid(site, 'a TIMESTAMP', text) : error
  }
}
