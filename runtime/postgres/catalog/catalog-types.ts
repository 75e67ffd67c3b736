import { booleanLetter } from '../../functions/cast-inside.ts'
import { timestamptzToText } from '../../functions/cast-to-text.ts'
import { formatArray, formatRow } from '../../sql/array-text.ts'
import { binaryArray, fixedBinary, POSTGRES_EPOCH } from '../binary-values.ts'
import type { WireType } from '../wire-type.ts'

/** What an expression of a catalogue's query gives. Numbers are of all numeric types; a `record` is a list as an array is. */
export type Value = null | boolean | number | string | readonly Value[]

/** A type of PostgreSQL, as its catalogue has it. */
export interface CatalogType {
  readonly name: string
  readonly oid: number
  /** 0: there is none. */
  readonly arrayOid: number
  readonly size: number
  readonly category: string
  /** As the standard calls it. */
  readonly shown: string
  /** Of an array; null: it is none. */
  readonly element: string | null
}

/** https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat */
const plain = `
bool 16 1000 1 B boolean
bytea 17 1001 -1 U bytea
char 18 1002 1 Z "char"
name 19 1003 64 S name
int8 20 1016 8 N bigint
int2 21 1005 2 N smallint
int2vector 22 1006 -1 A int2vector
int4 23 1007 4 N integer
regproc 24 1008 4 N regproc
text 25 1009 -1 S text
oid 26 1028 4 N oid
xid 28 1011 4 U xid
oidvector 30 1013 -1 A oidvector
json 114 199 -1 U json
pg_node_tree 194 0 -1 Z pg_node_tree
float4 700 1021 4 N real
float8 701 1022 8 N double precision
inet 869 1041 -1 I inet
aclitem 1033 1034 12 U aclitem
bpchar 1042 1014 -1 S character
varchar 1043 1015 -1 S character varying
date 1082 1182 4 D date
time 1083 1183 8 D time without time zone
timestamp 1114 1115 8 D timestamp without time zone
timestamptz 1184 1185 8 D timestamp with time zone
interval 1186 1187 16 T interval
numeric 1700 1231 -1 N numeric
regprocedure 2202 2207 4 N regprocedure
regclass 2205 2210 4 N regclass
regtype 2206 2211 4 N regtype
record 2249 2287 -1 P record
anyarray 2277 0 -1 P anyarray
uuid 2950 2951 16 U uuid
pg_lsn 3220 3221 8 U pg_lsn
regconfig 3734 3735 4 N regconfig
regnamespace 4089 4090 4 N regnamespace
regrole 4096 4097 4 N regrole`

const types = new Map<string, CatalogType>()
for (const line of plain.trim().split('\n')) {
  const [, name, oid, arrayOid, size, category, shown] =
    /^(\S+) (\S+) (\S+) (\S+) (\S+) (.+)$/.exec(line)!
  const own = { oid: Number(oid), arrayOid: Number(arrayOid), size: Number(size) }
  const type = { name: name!, ...own, category: category!, shown: shown!, element: null }
  types.set(type.name, type)
  if (type.arrayOid === 0) continue
  types.set(`_${type.name}`, {
    ...{ name: `_${type.name}`, oid: type.arrayOid, arrayOid: 0, size: -1, category: 'A' },
    ...{ shown: `${type.shown}[]`, element: type.name }
  })
}
const byOid = new Map([...types.values()].map(type => [type.oid, type]))

export function catalogTypes(): Iterable<CatalogType> {
  return types.values()
}

export function catalogType(name: string): CatalogType | null {
  return types.get(name) ?? null
}

export function typeOfOid(oid: number): CatalogType | null {
  return byOid.get(oid) ?? null
}

export function isNumber(type: string): boolean {
  return types.get(type)?.category === 'N'
}

/** Of the items of an array, and of the numbers of a vector; null: it is none. */
export function elementOf(type: string): string | null {
  if (type === 'int2vector') return 'int2'
  if (type === 'oidvector') return 'oid'
  return types.get(type)?.element ?? null
}

/** How a value that is not NULL is shown. `regclass` and `regtype` are names by then. */
export function textOf(value: Value, type: string): string {
  if (typeof value === 'boolean') return booleanLetter(value)
  if (type === 'timestamptz' && typeof value === 'number') return timestamptzToText(value)
  if (!isList(value)) return String(value)
  if (/vector$/.test(type)) return value.join(' ')
  const item = types.get(type)?.element ?? 'text'
  const items = value.map(one => (one === null ? null : textOf(one, item)))
  return type === 'record' ? formatRow(items) : formatArray(items, false)
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

const utf8 = (text: string): Uint8Array => Buffer.from(text)

const binaries: Readonly<Record<string, (value: never) => Uint8Array>> = {
  bool: (value: boolean) => Buffer.of(value ? 1 : 0),
  int2: (value: number) => fixedBinary(2, buffer => buffer.writeInt16BE(value)),
  int4: (value: number) => fixedBinary(4, buffer => buffer.writeInt32BE(value)),
  int8: (value: number) => fixedBinary(8, buffer => buffer.writeBigInt64BE(BigInt(value))),
  float4: (value: number) => fixedBinary(4, buffer => buffer.writeFloatBE(value)),
  float8: (value: number) => fixedBinary(8, buffer => buffer.writeDoubleBE(value)),
  timestamptz: (value: number) =>
    fixedBinary(8, buffer => buffer.writeBigInt64BE(BigInt(value - POSTGRES_EPOCH) * 1000n)),
  ...Object.fromEntries(
    ['oid', 'xid'].map(name => [
      name,
      (value: number) => fixedBinary(4, buffer => buffer.writeUInt32BE(value))
    ])
  )
}

/** What a client is sent. Types whose values are names or are never there are texts: PostgreSQL sends their numbers. */
export function catalogWireType(name: string): WireType {
  const known = types.get(name)
  if (known === undefined || /^_?(?:reg\w+|record|anyarray|aclitem|pg_node_tree)$/.test(name)) {
    return catalogWireType('text')
  }
  const { oid, arrayOid, size, shown } = known
  const item = elementOf(name)
  const text = (value: Value): string => textOf(value, name)
  const binary =
    item === null
      ? (binaries[name] ?? ((value: Value) => utf8(text(value))))
      : (value: readonly Value[]) => binaryArray(value, catalogWireType(item), 1)
  return { oid, arrayOid, size, modifier: -1, name: shown, text, binary }
}
