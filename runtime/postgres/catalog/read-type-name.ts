import { catalogType } from './catalog-types.ts'
import { notAnswered } from './not-answered.ts'
import type { TokenReader } from './token-reader.ts'

/** As the standard calls them, and in other spellings. */
const spellings: Readonly<Record<string, string>> = {
  boolean: 'bool',
  smallint: 'int2',
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  real: 'float4',
  float: 'float8',
  'double precision': 'float8',
  decimal: 'numeric',
  'character varying': 'varchar',
  character: 'bpchar',
  'time without time zone': 'time',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz'
}

/** The last words of names of several. */
const BEHIND = [
  ['with', 'time', 'zone'],
  ['without', 'time', 'zone'],
  ['varying'],
  ['precision']
] as const

/** As PostgreSQL's catalogue calls the type: an array has a line before the name of its elements. */
export function readTypeName(reader: TokenReader): string {
  while (reader.peek(1).text === '.') for (let i = 0; i < 2; i++) reader.next()
  const { kind } = reader.peek()
  let name = reader.name()
  const more = BEHIND.find(words => reader.skip(...words))
  if (more !== undefined) name = `${name} ${more.join(' ')}`
  if (reader.skip('(')) while (!reader.skip(')')) reader.next()
  const isArray = reader.skip('[', ']')
  if (isArray) while (reader.skip('[', ']'));
  const found = typeNamed(kind === 'quoted' ? name : (spellings[name] ?? name), isArray)
  if (found === null) throw notAnswered(`the type ${name} is not known`)
  return found
}

/** Null: there is none. */
export function typeNamed(name: string, isArray: boolean): string | null {
  const full = isArray ? `_${name}` : name
  return catalogType(full) === null ? null : full
}

/** Of the name in a text, as `to_regtype` and casts read it; null: there is none. */
export function typeOfText(text: string): string | null {
  const [, name = '', brackets] =
    /^(?:pg_catalog\.)?"?(.*?)"?(?:\(.*\))?(\[\])?$/.exec(text.trim().toLowerCase()) ?? []
  return typeNamed(spellings[name] ?? name, brackets !== undefined)
}
