import { parseArray } from '../../sql/array-text.ts'
import { SqlStateError } from '../sql-state-error.ts'
import { catalogType, elementOf, isList, isNumber, textOf, type Value } from './catalog-types.ts'
import type { Catalogue } from './catalogue.ts'
import { typeOfText } from './read-type-name.ts'

const TRUE = /^(?:t|true|y|yes|on|1)$/i
const FALSE = /^(?:f|false|n|no|off|0)$/i
const WHOLE = /^(?:int[248]|oid|xid)$/

/** The value, which is not NULL, as one of another type. */
export function castValue(value: Value, from: string, to: string, catalogue: Catalogue): Value {
  if (value === null || from === to) return value
  if (isName(to)) return nameOf(value, from, catalogue)
  if (to === 'bool') return castToBoolean(value)
  if (isObject(to)) return castToObject(value, to, catalogue)
  if (/^regproc/.test(to)) return String(value).replace(/^pg_catalog\./, '')
  const element = elementOf(to)
  if (element !== null) return castToArray(value, from, to, element, catalogue)
  if (/^regproc/.test(from)) {
    throw new SqlStateError('42883', `function "${String(value)}" does not exist`)
  }
  if (isNumber(to)) return castToNumber(value, to)
  return typeof value === 'number' || typeof value === 'boolean' ? textOf(value, from) : value
}

/** Texts of all kinds. */
export function isName(type: string): boolean {
  return /^(?:text|name|varchar|bpchar|char|json)$/.test(type)
}

/** Types whose values are numbers of what there is, which are shown as its names. */
type ObjectType = 'regclass' | 'regtype' | 'regnamespace' | 'regrole'

export function isObject(type: string): type is ObjectType {
  return /^reg(?:class|type|namespace|role)$/.test(type)
}

/** As it is shown, also where it is the number of something. */
export function nameOf(value: Value, type: string, catalogue: Catalogue): string {
  return isObject(type) ? catalogue.nameOf(type, value as number) : textOf(value, type)
}

function castToBoolean(value: Value): boolean {
  const text = String(value)
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  throw invalid(value, 'boolean')
}

function castToNumber(value: Value, to: string): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  const number = typeof value === 'number' ? value : Number(String(value).trim())
  if (String(value).trim() === '' || Number.isNaN(number))
    throw invalid(value, catalogType(to)!.shown)
  return WHOLE.test(to) ? Math.round(number) : number
}

function castToObject(value: Value, to: ObjectType, catalogue: Catalogue): number {
  if (typeof value === 'number') return value
  const text = String(value)
  if (/^\d+$/.test(text)) return Number(text)
  const found = to === 'regtype' ? typeNumber(text) : catalogue.numberOf(to, text)
  if (found !== null) return found
  const { sqlState, what } = objects[to]
  throw new SqlStateError(sqlState, `${what} "${text}" does not exist`)
}

const objects: Readonly<Record<ObjectType, { readonly sqlState: string; readonly what: string }>> =
  {
    regclass: { sqlState: '42P01', what: 'relation' },
    regtype: { sqlState: '42704', what: 'type' },
    regnamespace: { sqlState: '3F000', what: 'schema' },
    regrole: { sqlState: '42704', what: 'role' }
  }

/** Null: there is no type of that name. */
export function typeNumber(text: string): number | null {
  const name = typeOfText(text)
  return name === null ? null : catalogType(name)!.oid
}

function castToArray(
  value: Value,
  from: string,
  to: string,
  element: string,
  catalogue: Catalogue
): readonly Value[] {
  if (isList(value)) {
    const item = elementOf(from) ?? 'unknown'
    return value.map(one => castValue(one, item, element, catalogue))
  }
  const text = String(value)
  const items = /vector$/.test(to) ? text.split(' ').filter(Boolean) : parseArray(text, false)
  if (items === null) throw invalid(value, catalogType(to)!.shown)
  return items.map(one => castValue(one, 'unknown', element, catalogue))
}

function invalid(value: Value, type: string): SqlStateError {
  const shown = String(value).slice(0, 100)
  return new SqlStateError('22P02', `invalid input syntax for type ${type}: "${shown}"`)
}
