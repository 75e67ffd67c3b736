import { failure } from '../sql/failure.ts'
import { checkTextLength } from './pad.ts'
import { quoteIdent, quoteNullable } from './quote.ts'
import { textLength } from './text.ts'

/** `%[position$][-][width]type`, where the width may be `*` or `*position$`. */
const SPECIFIER = /%(?:(\d+)\$)?(-*)(?:(\d+)|(\*)(?:(\d+)\$)?)?(.?)/suy

/** PostgreSQL's format(): %s text, %I a name, %L a literal, %% a percent sign. NULL for a NULL format. O(length of the result). */
export function formatText(
  site: number,
  format: string | null,
  ...args: (string | null)[]
): string | null {
  if (format === null) return null
  const cursor: Cursor = { args, next: 0, site }
  let result = ''
  for (let at = 0; at < format.length;) {
    const percent = format.indexOf('%', at)
    if (percent < 0) return result + format.slice(at)
    result += format.slice(at, percent)
    SPECIFIER.lastIndex = percent
    const match = SPECIFIER.exec(format)!
    result += match[0] === '%%' ? '%' : formatOne(match, cursor)
    at = SPECIFIER.lastIndex
  }
  return result
}

interface Cursor {
  readonly args: readonly (string | null)[]
  /** Index of the argument that a specifier without a position takes. */
  next: number
  readonly site: number
}

function formatOne(match: RegExpExecArray, cursor: Cursor): string {
  const [, position, minus, digits, star, starPosition, type] = match
  if (type === '') throw invalid(cursor, 'a % has no type behind it')
  if (type !== 's' && type !== 'I' && type !== 'L') {
    throw invalid(cursor, `there is no type "${type!}": write s, I or L, or %% for a percent sign`)
  }
  const given = star === undefined ? Number(digits ?? '0') : widthArgument(starPosition, cursor)
  const width = minus !== '' ? -Math.abs(given) : given
  const text = convert(type, argument(position, cursor), cursor)
  checkTextLength(Math.abs(width), cursor.site)
  const padding = ' '.repeat(Math.max(0, Math.abs(width) - textLength(text)))
  return width < 0 ? text + padding : padding + text
}

function widthArgument(position: string | undefined, cursor: Cursor): number {
  const width = argument(position, cursor) ?? '0'
  if (/^\s*[+-]?\d+\s*$/.test(width) && Math.abs(Number(width)) < 2 ** 31) return Number(width)
  throw invalid(cursor, `the width "${width}" is no INT`)
}

function argument(position: string | undefined, cursor: Cursor): string | null {
  if (position !== undefined) {
    if (Number(position) === 0) throw invalid(cursor, 'arguments are numbered from 1')
    cursor.next = Number(position) - 1
  }
  const { args, next } = cursor
  if (next >= args.length) throw invalid(cursor, 'there are too few arguments')
  cursor.next++
  return args[next]!
}

function convert(type: 's' | 'I' | 'L', value: string | null, cursor: Cursor): string {
  if (type === 'L') return quoteNullable(value)
  if (type === 's') return value ?? ''
  if (value === null) throw invalid(cursor, 'NULL is no name')
  return quoteIdent(value)
}

function invalid({ site }: Cursor, message: string): unknown {
  return failure(site, 'invalid-format', `format: ${message}`)
}
