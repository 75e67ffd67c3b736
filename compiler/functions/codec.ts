import { js, type Code } from '../code/index.ts'
import type { SqlType } from '../types/index.ts'
import type { CallContext } from './entry.ts'

/** How JSON of a source is read and that of a sink is written, where it is not as usual. */
export interface CodecOptions {
  /** The unit of epoch numbers. */
  readonly unit?: string
  /** BIGINT and DECIMAL as JSON strings. */
  readonly quoted?: boolean
}

/** The codec of a type: a name that the runtime exports, or a constant of the module. See runtime/codec/values/codec.ts. */
export function emitCodec(
  type: SqlType,
  cx: Pick<CallContext, 'use' | 'constant'>,
  options: CodecOptions = {}
): Code {
  const { unit = 'auto', quoted = false } = options
  const make = (name: Parameters<CallContext['use']>[0], ...args: Code[]): Code =>
    cx.constant('codec', js`${cx.use(name)}(${args})`)
  switch (type.kind) {
    case 'BigInt':
      return make('bigintCodec', js`${quoted}`)
    case 'Decimal':
      return make('decimalCodec', js`${type.precision ?? 0}`, js`${type.scale ?? 0}`, js`${quoted}`)
    case 'Timestamp':
    case 'TimestampTz':
      return make('timestampCodec', js`${unit}`)
    case 'Array':
      return make('arrayCodec', emitCodec(type.element, cx, options))
    case 'Map':
      return make('mapCodec', emitCodec(type.value, cx, options))
    case 'Vector':
      return make('vectorCodec', js`${type.dimensions}`)
    case 'Row': {
      const names = js`[${type.fields.map(field => js`${field.name}`)}]`
      const fields = js`[${type.fields.map(field => emitCodec(field.type, cx, options))}]`
      return make('rowCodec', names, fields)
    }
    default:
      return cx.use(codecs[type.kind])
  }
}

const codecs = {
  Boolean: 'booleanCodec',
  SmallInt: 'smallintCodec',
  Int: 'intCodec',
  Real: 'realCodec',
  Double: 'doubleCodec',
  Text: 'textCodec',
  Bytes: 'bytesCodec',
  Date: 'dateCodec',
  Time: 'timeCodec',
  Interval: 'intervalCodec',
  Json: 'jsonCodec',
  Null: 'nullCodec'
} as const
