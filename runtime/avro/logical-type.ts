import type { AvroPrimitive, LogicalType } from './schema.ts'

/** The types that each logical type may be of, beside `decimal`. */
const bases: Readonly<Record<Exclude<LogicalType['kind'], 'decimal'>, readonly string[]>> = {
  uuid: ['string', 'fixed 16'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  'timestamp-nanos': ['long'],
  'local-timestamp-millis': ['long'],
  'local-timestamp-micros': ['long'],
  'local-timestamp-nanos': ['long'],
  duration: ['fixed 12']
}

/** Null where there is none that is known and fits its type. `size`: of a fixed. */
export function readLogicalType(
  object: Readonly<Record<string, unknown>>,
  kind: AvroPrimitive['kind'] | 'fixed',
  size: number | null
): LogicalType | null {
  const name = object['logicalType']
  if (name === 'decimal') return readDecimal(object, kind, size)
  const base = size === null ? kind : `${kind} ${size}`
  if (typeof name !== 'string' || !Object.hasOwn(bases, name)) return null
  const known = name as keyof typeof bases
  return bases[known].includes(base) ? { kind: known } : null
}

function readDecimal(
  { precision, scale = 0 }: Readonly<Record<string, unknown>>,
  kind: string,
  size: number | null
): LogicalType | null {
  if (kind !== 'bytes' && kind !== 'fixed') return null
  if (typeof precision !== 'number' || !Number.isSafeInteger(precision) || precision < 1)
    return null
  if (typeof scale !== 'number' || !Number.isSafeInteger(scale) || scale < 0) return null
  if (scale > precision) return null
  // What so many bytes can hold, with a sign.
  if (size !== null && precision > Math.floor(Math.log10(2) * (8 * size - 1))) return null
  return { kind: 'decimal', precision, scale }
}
