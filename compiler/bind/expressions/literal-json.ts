import type { LiteralValue } from '../../ir/index.ts'
import type { SqlType } from '../../types/index.ts'
import { dateText, timeText } from './temporal-literals.ts'

/** A literal as JSON that the type's codec reads: what a literal array holds. Undefined where JSON has no such value. */
export function literalJson(value: LiteralValue, type: SqlType): string | undefined {
  if (value === null) return 'null'
  switch (type.kind) {
    case 'Text':
    case 'Interval':
    case 'Bytes':
      return JSON.stringify(value)
    case 'Date':
      return JSON.stringify(dateText(Number(value)))
    case 'Time':
      return JSON.stringify(timeText(Number(value)))
    case 'Timestamp':
    case 'TimestampTz':
      return JSON.stringify(new Date(Number(value)).toISOString())
    case 'Decimal':
      return decimalJson(String(value))
    case 'Real':
    case 'Double':
      return Number.isFinite(value) ? String(value) : undefined
    default:
      return String(value)
  }
}

/** JSON wants digits on both sides of the point, and no plus. */
function decimalJson(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = ''] =
    /^([+-]?)(\d*)(?:\.(\d*))?(e[+-]?\d+)?$/i.exec(text) ?? []
  const digits = `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}`
  return `${digits}${fraction === '' ? '' : `.${fraction}`}${exponent}`
}

/** Converts one text or number of a JSON literal: `convert` is for texts of any scalar type. */
export type ConvertText = (text: string, type: SqlType) => LiteralValue | undefined

/** A number as it is written: as one of JavaScript's it would lose digits. */
class NumberText {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
}

type Parsed = null | boolean | string | NumberText | readonly Parsed[] | { [key: string]: Parsed }

/** A text that is JSON as a literal of an array, row, map or vector; undefined where it is none of that type. */
export function jsonLiteral(text: string, type: SqlType, convert: ConvertText): string | undefined {
  try {
    return fromJson(parseJson(text), type, convert)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function parseJson(text: string): Parsed {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? new NumberText(context!.source!) : value
  return JSON.parse(text, keepDigits) as Parsed
}

function fromJson(json: Parsed, type: SqlType, convert: ConvertText): string | undefined {
  if (json === null) return 'null'
  switch (type.kind) {
    case 'Array':
    case 'Vector':
      return fromItems(json, type, convert)
    case 'Map':
      return isObject(json)
        ? fromMembers(Object.entries(json), () => type.value, convert)
        : undefined
    case 'Row': {
      if (!isObject(json)) return undefined
      const own = new Map(Object.entries(json))
      const members = type.fields.map(({ name }) => [name, own.get(name) ?? null] as const)
      return fromMembers(members, i => type.fields[i]!.type, convert)
    }
    case 'Text':
      return typeof json === 'string' ? JSON.stringify(json) : undefined
    default:
      return fromScalar(json, type, convert)
  }
}

function fromItems(
  json: Parsed,
  type: Extract<SqlType, { kind: 'Array' | 'Vector' }>,
  convert: ConvertText
): string | undefined {
  if (!Array.isArray(json)) return undefined
  const items = json as readonly Parsed[]
  if (type.kind === 'Vector' && (items.length !== type.dimensions || items.includes(null))) {
    return undefined
  }
  const element: SqlType = type.kind === 'Vector' ? { kind: 'Double' } : type.element
  const texts = items.map(item => fromJson(item, element, convert))
  return texts.includes(undefined) ? undefined : `[${texts.join(',')}]`
}

function fromMembers(
  members: readonly (readonly [key: string, value: Parsed])[],
  typeAt: (index: number) => SqlType,
  convert: ConvertText
): string | undefined {
  const texts = members.map(([, value], i) => fromJson(value, typeAt(i), convert))
  if (texts.includes(undefined)) return undefined
  return `{${members.map(([key], i) => `${JSON.stringify(key)}:${texts[i]!}`).join(',')}}`
}

/** Numbers take digits only, and texts anything but: `true` is neither. */
function fromScalar(json: Parsed, type: SqlType, convert: ConvertText): string | undefined {
  if (type.kind === 'Json') return show(json)
  if (typeof json === 'boolean') return type.kind === 'Boolean' ? String(json) : undefined
  const isNumber = ['SmallInt', 'Int', 'BigInt', 'Decimal', 'Real', 'Double'].includes(type.kind)
  if (isNumber !== isDigits(json)) return undefined
  if (type.kind === 'Boolean') return undefined
  const text = isDigits(json) ? json.digits : typeof json === 'string' ? json : null
  const value = text === null ? undefined : convert(text, type)
  return value === undefined ? undefined : literalJson(value, type)
}

function show(json: Parsed): string {
  if (isDigits(json)) return json.digits
  if (Array.isArray(json)) return `[${(json as readonly Parsed[]).map(show).join(',')}]`
  if (!isObject(json)) return JSON.stringify(json)
  return `{${Object.entries(json)
    .map(([key, value]) => `${JSON.stringify(key)}:${show(value)}`)
    .join(',')}}`
}

function isDigits(json: Parsed): json is NumberText {
  return json instanceof NumberText
}

function isObject(json: Parsed): json is { [key: string]: Parsed } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && !isDigits(json)
}
