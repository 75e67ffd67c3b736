/** A schema of Avro 1.12 with its names resolved: a type that refers to itself is a circle of objects. */
export type AvroSchema =
  | AvroPrimitive
  | AvroFixed
  | AvroEnum
  | AvroRecord
  | { readonly kind: 'array'; readonly items: AvroSchema }
  | { readonly kind: 'map'; readonly values: AvroSchema }
  | { readonly kind: 'union'; readonly branches: readonly AvroSchema[] }

export interface AvroPrimitive {
  readonly kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string'
  readonly logical: LogicalType | null
}

export interface AvroFixed {
  readonly kind: 'fixed'
  /** With its namespace, as those of enums and records. */
  readonly name: string
  readonly size: number
  readonly logical: LogicalType | null
}

export interface AvroEnum {
  readonly kind: 'enum'
  readonly name: string
  readonly symbols: readonly string[]
}

export interface AvroRecord {
  readonly kind: 'record'
  readonly name: string
  readonly fields: readonly AvroField[]
}

export interface AvroField {
  readonly name: string
  readonly schema: AvroSchema
  /** For readers of records that have no such field, as JSON; absent: there is none. */
  readonly default?: unknown
}

/** What a type means. One that is not known, or does not fit its type, is ignored, as the specification asks. */
export type LogicalType =
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | {
      readonly kind:
        | 'uuid'
        | 'date'
        | 'time-millis'
        | 'time-micros'
        | 'timestamp-millis'
        | 'timestamp-micros'
        | 'timestamp-nanos'
        | 'local-timestamp-millis'
        | 'local-timestamp-micros'
        | 'local-timestamp-nanos'
        | 'duration'
    }

/** How a schema is called in messages. */
export function showSchema(schema: AvroSchema): string {
  switch (schema.kind) {
    case 'union':
      return `a union of ${schema.branches.map(showSchema).join(', ')}`
    case 'array':
      return 'an array'
    case 'map':
      return 'a map'
    case 'record':
    case 'enum':
    case 'fixed':
      return `the ${schema.kind} ${schema.name}`
    default:
      return schema.logical === null ? schema.kind : `${schema.kind} (${schema.logical.kind})`
  }
}
