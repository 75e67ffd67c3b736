import { dateFromText, timeFromText, timestamptzFromText } from '../sql/date-text.ts'
import { parseInterval } from '../sql/interval-text.ts'
import type { Interval } from '../sql/interval.ts'
import { ValueError } from '../sql/value-error.ts'
import { wrongKind } from './cast-from-json.ts'
import { invalid } from './cast-from-text.ts'
import { atSite } from './at-site.ts'
import { unquoteJson } from './json.ts'

/** Of what the reader of a text threw: the text is no value of the type, or says one that there is not. */
function failed(error: unknown, type: string, text: string, site: number): unknown {
  const isNone = error instanceof ValueError && error.code === 'invalid-cast'
  return isNone ? invalid(site, type, text) : atSite(error, site)
}

export function textToDate(text: string, site: number): number {
  try {
    return dateFromText(text)
  } catch (error) {
    throw failed(error, 'a DATE', text, site)
  }
}
export function textToTime(text: string, site: number): number {
  try {
    return timeFromText(text)
  } catch (error) {
    throw failed(error, 'a TIME', text, site)
  }
}
export function textToTimestamptz(text: string, site: number): number {
  try {
    return timestamptzFromText(text)
  } catch (error) {
    throw failed(error, 'a TIMESTAMPTZ', text, site)
  }
}
export function textToInterval(text: string, site: number): Interval {
  let value: Interval | null
  try {
    value = parseInterval(text)
  } catch (error) {
    throw failed(error, 'an INTERVAL', text, site)
  }
  if (value === null) throw invalid(site, 'an INTERVAL', text)
  return value
}

// A JSON string casts to a time as its text does; anything else in JSON is none.

export function jsonToDate(json: string, site: number): number {
  if (json[0] === '"') return textToDate(unquoteJson(json), site)
  throw wrongKind(json, 'a DATE', site)
}
export function jsonToTime(json: string, site: number): number {
  if (json[0] === '"') return textToTime(unquoteJson(json), site)
  throw wrongKind(json, 'a TIME', site)
}
export function jsonToTimestamptz(json: string, site: number): number {
  if (json[0] === '"') return textToTimestamptz(unquoteJson(json), site)
  throw wrongKind(json, 'a TIMESTAMPTZ', site)
}
export function jsonToInterval(json: string, site: number): Interval {
  if (json[0] === '"') return textToInterval(unquoteJson(json), site)
  throw wrongKind(json, 'an INTERVAL', site)
}
