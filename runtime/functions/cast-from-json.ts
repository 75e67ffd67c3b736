import { failure } from '../sql/failure.ts'
import {
  textToBigInt,
  textToDecimal,
  textToDouble,
  textToReal,
  textToTimestamp
} from './cast-from-text.ts'
import { decimalToBigInt, decimalToInt, decimalToSmallInt } from './cast-number.ts'
import { unquoteJson } from './json.ts'
import { jsonKind } from './json-inspect.ts'
import type { Decimal } from '../sql/decimal.ts'
import type { BigIntValue } from './bigint.ts'

// A JSON value casts to the SQL type of its own kind: a number to numbers, true and false to BOOLEAN, a string to TIMESTAMP,
// everything to TEXT. JSON null is NULL long before: no value of type JSON holds it.

/** The number's text. */
function numberIn(json: string, type: string, site: number): string {
  const first = json.charCodeAt(0)
  if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return json
  throw wrongKind(json, type, site)
}

/** The failure of a JSON value that is of another kind than a type wants. */
export function wrongKind(json: string, type: string, site: number): unknown {
  return failure(site, 'invalid-cast', `a JSON ${jsonKind(json[0])} is not ${type}`)
}

export function jsonToSmallInt(json: string, site: number): number {
  return decimalToSmallInt(jsonToDecimal(json, site), site)
}
export function jsonToInt(json: string, site: number): number {
  return decimalToInt(jsonToDecimal(json, site), site)
}
export function jsonToBigInt(json: string, site: number): BigIntValue {
  const text = numberIn(json, 'BIGINT', site)
  return /[.eE]/.test(text)
    ? decimalToBigInt(textToDecimal(text, site), site)
    : textToBigInt(text, site)
}
export function jsonToDouble(json: string, site: number): number {
  return textToDouble(numberIn(json, 'DOUBLE', site), site)
}
export function jsonToReal(json: string, site: number): number {
  return textToReal(numberIn(json, 'REAL', site), site)
}
export function jsonToDecimal(json: string, site: number): Decimal {
  return textToDecimal(numberIn(json, 'DECIMAL', site), site)
}
export function jsonToBoolean(json: string, site: number): boolean {
  if (json === 'true') return true
  if (json === 'false') return false
  throw wrongKind(json, 'BOOLEAN', site)
}
export function jsonToTimestamp(json: string, site: number): number {
  if (json[0] !== '"') throw wrongKind(json, 'a TIMESTAMP', site)
  return textToTimestamp(unquoteJson(json), site)
}
export function jsonToText(json: string): string {
  return unquoteJson(json)
}
