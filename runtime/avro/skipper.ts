import { type AvroCursor, fail, MAX_DEPTH } from './cursor.ts'
import type { AvroRecord, AvroSchema } from './schema.ts'

/** Passes over a value that nobody reads. */
export type Skip = (c: AvroCursor) => void

/** What was found out of records: one that is used often is looked at once. */
const fixedSizes = new WeakMap<AvroRecord, number | null>()
const leastSizes = new WeakMap<AvroRecord, number>()

/** Bytes of each value of a type, where all have as many; null: they differ. */
export function fixedSize(schema: AvroSchema): number | null {
  switch (schema.kind) {
    case 'null':
      return 0
    case 'boolean':
      return 1
    case 'float':
      return 4
    case 'double':
      return 8
    case 'fixed':
      return schema.size
    case 'record': {
      const known = fixedSizes.get(schema)
      if (known !== undefined) return known
      // One that holds itself has no value at all.
      fixedSizes.set(schema, null)
      let sum: number | null = 0
      for (const field of schema.fields) {
        const size: number | null = fixedSize(field.schema)
        sum = sum === null || size === null ? null : sum + size
      }
      fixedSizes.set(schema, sum)
      return sum
    }
    default:
      return null
  }
}

/** Bytes that a value of a type has at least. */
export function leastSize(schema: AvroSchema): number {
  if (schema.kind !== 'record') return fixedSize(schema) ?? 1
  const known = leastSizes.get(schema)
  if (known !== undefined) return known
  leastSizes.set(schema, 0)
  const sum = schema.fields.reduce((size, field) => size + leastSize(field.schema), 0)
  leastSizes.set(schema, sum)
  return sum
}

/** Makes skippers; one of a type that holds itself calls itself. */
export function makeSkips(): (schema: AvroSchema) => Skip {
  const records = new Map<AvroRecord, Skip>()
  const skipOf = (schema: AvroSchema): Skip => {
    const size = fixedSize(schema)
    if (size !== null) return c => c.skip(size)
    switch (schema.kind) {
      case 'string':
      case 'bytes':
        return c => c.skip(c.length())
      case 'array':
        return skipBlocks(skipOf(schema.items), leastSize(schema.items))
      case 'map': {
        const value = skipOf(schema.values)
        const entry: Skip = c => {
          c.skip(c.length())
          value(c)
        }
        return skipBlocks(entry, 1 + leastSize(schema.values))
      }
      case 'union': {
        const branches = schema.branches.map(skipOf)
        return c => branches[c.index(branches.length)]!(c)
      }
      case 'record':
        return skipRecord(schema)
      // An int, a long, the number of an enum's symbol.
      default:
        return c => c.skipLong()
    }
  }
  const skipRecord = (record: AvroRecord): Skip => {
    const known = records.get(record)
    if (known !== undefined) return c => known(c)
    const fields: Skip[] = []
    const skip: Skip = c => {
      if (++c.depth > MAX_DEPTH) fail('nested-too-deep')
      for (const field of fields) field(c)
      c.depth--
    }
    records.set(record, skip)
    fields.push(...record.fields.map(field => skipOf(field.schema)))
    return skip
  }
  return skipOf
}

function skipBlocks(item: Skip, itemSize: number): Skip {
  return c => {
    if (++c.depth > MAX_DEPTH) fail('nested-too-deep')
    for (let count = c.block(itemSize, true); count !== 0; count = c.block(itemSize, true)) {
      for (let i = 0; i < count; i++) item(c)
    }
    c.depth--
  }
}
