import type { ArrowType } from './arrow-type.ts'

/** A type as people name it. */
export function showArrowType(type: ArrowType): string {
  switch (type.kind) {
    case 'Int':
      return `${type.signed ? 'int' : 'uint'}${type.bits}`
    case 'Float':
    case 'Decimal':
      return `${type.kind.toLowerCase()}${type.bits}`
    case 'Date':
      return type.unit === 'd' ? 'date32' : 'date64'
    case 'Time':
      return `time${type.bits}[${type.unit}]`
    case 'Timestamp':
    case 'Duration':
      return `${type.kind.toLowerCase()}[${type.unit}]`
    case 'Utf8':
    case 'Binary':
    case 'List':
      return `${type.wide ? 'large_' : ''}${type.kind.toLowerCase()}`
    default:
      return names[type.kind]
  }
}

const names = {
  Null: 'null',
  Bool: 'bool',
  Struct: 'struct',
  Utf8View: 'utf8_view',
  BinaryView: 'binary_view',
  ListView: 'list_view',
  FixedBinary: 'fixed_size_binary',
  FixedList: 'fixed_size_list',
  Interval: 'interval',
  Map: 'map',
  Union: 'union',
  RunEnds: 'run_end_encoded'
} as const
