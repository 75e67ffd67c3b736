import type { ValueType } from '../contract/index.ts'
import type { ProtoField } from './proto-file.ts'
import type { ProtoType } from './resolve-proto.ts'
import { fromInteger } from './scalar-reader.ts'

/** What a field of proto2 that is not there has by its own declaration; NULL where it says nothing. */
export function defaultOf(field: ProtoField, type: ProtoType, wanted: ValueType): unknown {
  const text = field.default
  if (text === null) return null
  if (type.kind === 'enum') return wanted.kind === 'Text' ? text : null
  if (type.kind !== 'scalar') return null
  switch (type.scalar) {
    case 'string':
      return wanted.kind === 'Text' ? text : null
    case 'bytes':
      return new TextEncoder().encode(text)
    case 'bool':
      return text === 'true'
    case 'float':
    case 'double':
      return /^-?inf/.test(text) ? Number(text.replace('inf', 'Infinity')) : Number(text)
    default: {
      const isSafe = Number.isSafeInteger(Number(text))
      return fromInteger(wanted, 'auto')?.(isSafe ? Number(text) : BigInt(text)) ?? null
    }
  }
}
