import type { SqlType } from '../../compiler/types/index.ts'
import type { Decimal } from './decimal.ts'
import { Failure } from './failure.ts'
import { messageOf, openProtobuf } from './protobuf.ts'
import { showKey } from './show.ts'
import type { Row, Value } from './value.ts'

type Fields = readonly { readonly name: string; readonly type: SqlType }[]

/** A row as the library writes it, behind the place of the first message in its file. */
export function encodeProtobuf(schema: string, columns: Fields, row: Row): Uint8Array {
  const type = messageOf(openProtobuf([schema]), schema, null)
  const bytes = type.encode(type.fromObject(toMessage(columns, row))).finish()
  return Uint8Array.from([0, ...bytes])
}

function toMessage(fields: Fields, row: Row): Record<string, unknown> {
  const members = fields.flatMap(({ name, type }, i) => {
    const value = row[i] ?? null
    return value === null ? [] : [[name, toProtobuf(value, type)]]
  })
  return Object.fromEntries(members) as Record<string, unknown>
}

function toProtobuf(value: NonNullable<Value>, type: SqlType): unknown {
  const item = (one: Value, inner: SqlType): unknown => {
    if (one === null) throw new Failure('null-element', 'protobuf has no NULL in it')
    return toProtobuf(one, inner)
  }
  switch (type.kind) {
    case 'BigInt':
      // The library reads all digits.
      return String(value)
    case 'SmallInt':
    case 'Int':
      return Number(value)
    case 'Timestamp':
    case 'TimestampTz': {
      const seconds = Math.floor((value as number) / 1000)
      const nanos = ((value as number) - seconds * 1000) * 1e6
      return {
        ...(seconds === 0 ? {} : { seconds }),
        ...(nanos === 0 ? {} : { nanos })
      }
    }
    case 'Decimal':
    case 'Date':
    case 'Time':
    case 'Interval':
      return showKey(value as Decimal, type)
    case 'Array':
      return (value as readonly Value[]).map(one => item(one, type.element))
    case 'Map': {
      const entries = [...(value as ReadonlyMap<string, Value>)]
      return Object.fromEntries(entries.map(([key, one]) => [key, item(one, type.value)]))
    }
    case 'Row':
      return toMessage(type.fields, value as Row)
    default:
      return value
  }
}
