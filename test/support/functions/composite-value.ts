import { showType, type SqlType } from '../../../compiler/types/index.ts'
import { pick, type Random, randomValue } from './random-value.ts'

/** Whether values of a type have others inside of them. */
export function isComposite({ kind }: SqlType): boolean {
  return kind === 'Array' || kind === 'Row' || kind === 'Map' || kind === 'Vector'
}

const LONGEST = 4
const keys = ['a', 'b', 'k', '', 'é']
const coordinates = ['0', '1', '-1', '0.5', '2.25', '-3', '100']

/** A random value of such a type as JSON. */
export function randomJson(type: SqlType, random: Random): string {
  if (!isComposite(type)) return showJson(randomValue(type.kind, 'field', random), type)
  return random(10) === 0 ? 'null' : jsonOf(type, random)
}

function jsonOf(type: SqlType, random: Random): string {
  switch (type.kind) {
    case 'Array':
      return `[${listOf(random, () => randomJson(type.element, random)).join(',')}]`
    case 'Row':
      return `{${type.fields.map(field => `${JSON.stringify(field.name)}:${randomJson(field.type, random)}`).join(',')}}`
    case 'Map': {
      const members = someKeys(random).map(
        key => `${JSON.stringify(key)}:${randomJson(type.value, random)}`
      )
      return `{${members.join(',')}}`
    }
    default:
      return `[${vectorOf(type, random).join(',')}]`
  }
}

/** A random value of such a type as SQL. */
export function randomSql(type: SqlType, random: Random): string {
  if (!isComposite(type)) return showSql(randomValue(type.kind, 'literal', random), type)
  const value = random(10) === 0 ? 'NULL' : sqlOf(type, random)
  return `CAST(${value} AS ${typeName(type)})`
}

function sqlOf(type: SqlType, random: Random): string {
  switch (type.kind) {
    case 'Array':
      return `ARRAY[${listOf(random, () => randomSql(type.element, random)).join(', ')}]`
    case 'Row':
      return `ROW(${type.fields.map(field => randomSql(field.type, random)).join(', ')})`
    case 'Map': {
      const members = someKeys(random).map(key => `'${key}', ${randomSql(type.value, random)}`)
      return members.length === 0 ? `CAST('{}' AS JSON)` : `map(${members.join(', ')})`
    }
    default:
      return `ARRAY[${vectorOf(type, random).join(', ')}]`
  }
}

function listOf(random: Random, make: () => string): string[] {
  return Array.from({ length: random(LONGEST + 1) }, make)
}

function someKeys(random: Random): string[] {
  return keys.filter(() => random(2) === 0)
}

function vectorOf(type: SqlType, random: Random): string[] {
  const length = type.kind === 'Vector' ? type.dimensions : 0
  return Array.from({ length }, () => pick(random, coordinates))
}

/** A value as a literal of its type. */
export function showSql(text: string | null, type: SqlType): string {
  const quoted = text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
  return type.kind === 'Text' && text !== null ? quoted : `CAST(${quoted} AS ${typeName(type)})`
}

/** A value as a part of a record. */
export function showJson(text: string | null, type: SqlType): string {
  if (text === null) return 'null'
  return isPlain(type) ? text : JSON.stringify(text)
}

/** Whether a record holds values of the type as their text, without quotes. */
function isPlain({ kind }: SqlType): boolean {
  return ['Boolean', 'SmallInt', 'Int', 'BigInt', 'Decimal', 'Real', 'Double', 'Json'].includes(
    kind
  )
}

export function typeName(type: SqlType): string {
  return type.kind === 'TimestampTz' ? 'TIMESTAMPTZ' : showType(type)
}
