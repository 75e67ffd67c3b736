import { formatArray } from '../sql/array-text.ts'
import { bytesToHex } from '../sql/bytes.ts'
import { formatDate } from '../sql/date-text.ts'
import { timestampToText } from '../functions/cast-to-text.ts'
import { POSTGRES_EPOCH } from './binary-values.ts'
import { FieldReader, utf8 } from './field-reader.ts'
import { ProtocolError } from './protocol-error.ts'
import { SqlStateError } from './sql-state-error.ts'

/** A type of a value that a driver sends. */
export interface ParameterType {
  /** As a cast names it; null: the place of the parameter decides, as for a literal in quotes. */
  readonly sql: string | null
  /** The text of its binary form. */
  readonly text: (bytes: Buffer) => string
}

const DAY = 86_400_000
/** In microseconds. */
const SECOND = 1_000_000n
/** Of JavaScript, in milliseconds. */
const LAST_DATE = 8.64e15
const fixed =
  (size: number, read: (bytes: Buffer) => string) =>
  (bytes: Buffer): string => {
    if (bytes.length !== size)
      throw new ProtocolError(`a value of ${bytes.length} bytes, not ${size}`)
    return read(bytes)
  }

/** By OID: see wire-type.ts. */
const types = new Map<number, ParameterType>()

function add(oid: number, arrayOid: number, sql: string | null, text: ParameterType['text']): void {
  types.set(oid, { sql, text })
  types.set(arrayOid, { sql: sql === null ? null : `${sql}[]`, text: arrayText })
}

add(
  16,
  1000,
  'BOOLEAN',
  fixed(1, bytes => (bytes[0] === 0 ? 'false' : 'true'))
)
add(
  21,
  1005,
  'SMALLINT',
  fixed(2, bytes => String(bytes.readInt16BE()))
)
add(
  23,
  1007,
  'INT',
  fixed(4, bytes => String(bytes.readInt32BE()))
)
add(
  20,
  1016,
  'BIGINT',
  fixed(8, bytes => String(bytes.readBigInt64BE()))
)
add(
  26,
  1028,
  'BIGINT',
  fixed(4, bytes => String(bytes.readUInt32BE()))
)
add(
  700,
  1021,
  'REAL',
  fixed(4, bytes => String(bytes.readFloatBE()))
)
add(
  701,
  1022,
  'DOUBLE',
  fixed(8, bytes => String(bytes.readDoubleBE()))
)
add(1700, 1231, 'DECIMAL', decimalText)
add(17, 1001, 'BYTES', bytes => `\\x${bytesToHex(bytes)}`)
add(
  1082,
  1182,
  'DATE',
  fixed(4, bytes => formatDate(bytes.readInt32BE() + POSTGRES_EPOCH / DAY))
)
add(
  1083,
  1183,
  'TIME',
  fixed(8, bytes => timeText(bytes.readBigInt64BE()))
)
add(
  1114,
  1115,
  'TIMESTAMP',
  fixed(8, bytes => timestampText(bytes.readBigInt64BE()))
)
add(
  1184,
  1185,
  'TIMESTAMPTZ',
  fixed(8, bytes => `${timestampText(bytes.readBigInt64BE())}+00`)
)
add(1186, 1187, 'INTERVAL', fixed(16, intervalText))
add(114, 199, 'JSON', utf8)
add(3802, 3807, 'JSON', jsonbText)
add(2950, 2951, null, fixed(16, uuidText))
// A text, unlike in PostgreSQL, is as open as a literal in quotes: there is nothing that it would be taken for by mistake.
for (const [oid, arrayOid] of [
  [25, 1009],
  [1043, 1015],
  [1042, 1014],
  [19, 1003],
  [705, 705],
  [0, 0]
] as const) {
  types.set(arrayOid, { sql: null, text: arrayText })
  types.set(oid, { sql: null, text: utf8 })
}

/** Null: there is none of the kind here. */
export function parameterType(oid: number): ParameterType | null {
  return types.get(oid) ?? null
}

/** The text of a value in its binary form. */
export function binaryToText(bytes: Buffer, oid: number): string {
  const type = parameterType(oid)
  if (type === null)
    throw new SqlStateError('0A000', `values of the type with OID ${oid} are not read here`)
  try {
    return type.text(bytes)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    throw new SqlStateError('22P03', `a parameter's binary value is wrong: ${error.message}`)
  }
}

function arrayText(bytes: Buffer): string {
  const reader = new FieldReader(bytes)
  const dimensions = reader.int32()
  reader.int32()
  const oid = reader.uint32()
  if (dimensions === 0) return '{}'
  if (dimensions !== 1) throw new ProtocolError('an array has more than one dimension')
  const size = reader.int32()
  reader.int32()
  const items: (string | null)[] = []
  // Each takes at least the four bytes of its length: a wrong size ends the message before it fills the memory.
  for (let i = 0; i < size; i++) {
    const length = reader.int32()
    items.push(length === -1 ? null : binaryToText(reader.bytes(length), oid))
  }
  reader.end()
  return formatArray(items, false)
}

function decimalText(bytes: Buffer): string {
  const reader = new FieldReader(bytes)
  const [count, weight, sign, scale] = [
    reader.int16(),
    reader.int16(),
    reader.int16(),
    reader.int16()
  ]
  const isNumber = sign === 0 || sign === 0x4000
  if (!isNumber || count < 0 || scale < 0 || Math.abs(weight) > 100) {
    throw new ProtocolError('a number that a DECIMAL does not hold')
  }
  const digits: number[] = []
  for (let i = 0; i < count; i++) digits.push(reader.int16())
  reader.end()
  const group = (i: number): string => String(digits[i] ?? 0).padStart(4, '0')
  let whole = ''
  for (let i = 0; i <= weight; i++) whole += group(i)
  let fraction = ''
  for (let i = weight + 1; fraction.length < scale; i++) fraction += group(i)
  const point = scale === 0 ? '' : `.${fraction.slice(0, scale)}`
  return `${sign === 0 ? '' : '-'}${whole === '' ? '0' : whole}${point}`
}

function timeText(micros: bigint): string {
  const part = (size: bigint, most: bigint): string =>
    String((micros / size) % most).padStart(2, '0')
  const fraction = String(micros % 1_000_000n).padStart(6, '0')
  return `${part(3_600_000_000n, 100n)}:${part(60_000_000n, 60n)}:${part(1_000_000n, 60n)}.${fraction}`
}

function timestampText(micros: bigint): string {
  const fraction = ((micros % SECOND) + SECOND) % SECOND
  const time = Number((micros - fraction) / SECOND) * 1000 + POSTGRES_EPOCH
  // The infinities too: no TIMESTAMP of ours holds them.
  if (Math.abs(time) > LAST_DATE) throw new ProtocolError('a time that a TIMESTAMP does not hold')
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`
  return `${timestampToText(time)}${digits}`
}

function intervalText(bytes: Buffer): string {
  const [micros, days, months] = [
    bytes.readBigInt64BE(),
    bytes.readInt32BE(8),
    bytes.readInt32BE(12)
  ]
  return `${months} mons ${days} days ${micros} microseconds`
}

function jsonbText(bytes: Buffer): string {
  if (bytes[0] !== 1) throw new ProtocolError('jsonb of another version than 1')
  return utf8(bytes.subarray(1))
}

function uuidText(bytes: Buffer): string {
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
