import type { RowType, SqlType } from '../types/index.ts'

/** Why a column can't be a field of a message. */
export interface MessageMisfit {
  readonly column: string
  /** `nested`: an array or a map right inside of an array or a map. */
  readonly kind: 'name' | 'nested'
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/
const TIMESTAMP_FILE = 'google/protobuf/timestamp.proto'

/**
 * The file of a sink's messages, in proto3: a field per column, numbered in their order, each with presence, so that NULL is a field
 * that is not there. Columns that come behind the others fit what was written before. `title` names the message.
 */
export function deriveMessage({ columns }: RowType, title: string): string | MessageMisfit {
  const misfit = findMisfit(columns)
  if (misfit !== null) return misfit
  const body = message(nameOf(title), columns, '')
  const imports = body.some(line => line.includes('google.protobuf.Timestamp'))
    ? ['', `import "${TIMESTAMP_FILE}";`]
    : []
  return ['syntax = "proto3";', ...imports, '', ...body, ''].join('\n')
}

function nameOf(title: string): string {
  const name = title.replace(/[^A-Za-z0-9_]/g, '_')
  return NAME.test(name) ? name : `Row${name}`
}

type Field = { readonly name: string; readonly type: SqlType }

function findMisfit(fields: readonly Field[]): MessageMisfit | null {
  for (const { name, type } of fields) {
    if (!NAME.test(name)) return { column: name, kind: 'name' }
    const kind = misfitIn(type, false)
    if (kind !== null) return { column: name, kind }
  }
  return null
}

function misfitIn(type: SqlType, isItem: boolean): MessageMisfit['kind'] | null {
  switch (type.kind) {
    case 'Array':
      return isItem ? 'nested' : misfitIn(type.element, true)
    case 'Map':
      return isItem ? 'nested' : misfitIn(type.value, true)
    case 'Vector':
      return isItem ? 'nested' : null
    case 'Row':
      return findMisfit(type.fields)?.kind ?? null
    default:
      return null
  }
}

function message(name: string, fields: readonly Field[], indent: string): string[] {
  const inner = `${indent}  `
  const taken = new Set(fields.map(field => field.name))
  const lines = fields.flatMap((field, i) => {
    const row = rowIn(field.type)
    const nested = row === null ? '' : freeName(`${field.name}_row`, taken)
    const declared = row === null ? [] : message(nested, row, inner)
    return [...declared, `${inner}${fieldType(field.type, nested)} ${field.name} = ${i + 1};`]
  })
  return [`${indent}message ${name} {`, ...lines, `${indent}}`]
}

/** Messages are named in the scope of the fields beside them. */
function freeName(wanted: string, taken: Set<string>): string {
  const name = taken.has(wanted) ? freeName(`${wanted}_`, taken) : wanted
  taken.add(name)
  return name
}

function rowIn(type: SqlType): readonly Field[] | null {
  if (type.kind === 'Array') return rowIn(type.element)
  if (type.kind === 'Map') return rowIn(type.value)
  return type.kind === 'Row' ? type.fields : null
}

function fieldType(type: SqlType, row: string): string {
  switch (type.kind) {
    case 'Array':
      return `repeated ${itemType(type.element, row)}`
    case 'Vector':
      return 'repeated double'
    case 'Map':
      return `map<string, ${itemType(type.value, row)}>`
    default:
      return `optional ${itemType(type, row)}`
  }
}

function itemType({ kind }: SqlType, row: string): string {
  return kind === 'Row' ? row : scalars[kind as keyof typeof scalars]
}

const scalars = {
  Boolean: 'bool',
  SmallInt: 'int32',
  Int: 'int32',
  BigInt: 'int64',
  Real: 'float',
  Double: 'double',
  Text: 'string',
  Bytes: 'bytes',
  Timestamp: 'google.protobuf.Timestamp',
  TimestampTz: 'google.protobuf.Timestamp',
  // Protobuf has no types of its own for these: they are text, as in JSON.
  Decimal: 'string',
  Date: 'string',
  Time: 'string',
  Interval: 'string',
  Json: 'string',
  Null: 'string'
} as const
