import { dateFromText, timeFromText, timestamptzFromText } from '../sql/date-text.ts'
import { parseInterval } from '../sql/interval-text.ts'
import type { Interval } from '../sql/interval.ts'
import { ValueError } from '../sql/value-error.ts'
import { wrongKind } from './cast-from-json.ts'
import { invalid } from './cast-from-text.ts'
import { atSite } from './decimal.ts'
import { unquoteJson } from './json.ts'

/** A cast of a text that `parse` reads; it throws a ValueError or answers null for what is none. */
function textCast<T>(type: string, parse: (text: string) => T | null) {
  return (text: string, site: number): T => {
    let value: T | null
    try {
      value = parse(text)
    } catch (error) {
      if (error instanceof ValueError && error.code === 'invalid-cast')
        throw invalid(site, type, text)
      throw atSite(error, site)
    }
    if (value === null) throw invalid(site, type, text)
    return value
  }
}

export const textToDate = textCast('a DATE', dateFromText)
export const textToTime = textCast('a TIME', timeFromText)
export const textToTimestamptz = textCast('a TIMESTAMPTZ', timestamptzFromText)
export const textToInterval = textCast<Interval>('an INTERVAL', parseInterval)

/** A JSON string casts to a time as its text does; anything else in JSON is none. */
function jsonCast<T>(type: string, cast: (text: string, site: number) => T) {
  return (json: string, site: number): T => {
    if (json[0] === '"') return cast(unquoteJson(json), site)
    throw wrongKind(json, type, site)
  }
}

export const jsonToDate = jsonCast('a DATE', textToDate)
export const jsonToTime = jsonCast('a TIME', textToTime)
export const jsonToTimestamptz = jsonCast('a TIMESTAMPTZ', textToTimestamptz)
export const jsonToInterval = jsonCast('an INTERVAL', textToInterval)
