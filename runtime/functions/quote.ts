import { failure } from '../sql/failure.ts'
import { reservedWords } from './reserved-words.ts'

/** A string literal of PostgreSQL's SQL; with a backslash in it, one that begins with E. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** As quoteLiteral; NULL becomes the word. */
export function quoteNullable(text: string | null): string {
  return text === null ? 'NULL' : quoteLiteral(text)
}

/** A name in PostgreSQL's SQL: in quotes unless it needs none. */
export function quoteIdent(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name)) return name
  return `"${name.replaceAll('"', '""')}"`
}

const PART =
  /[ \t\n\v\f\r]*(?:"((?:[^"]|"")+)"|([A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*))[ \t\n\v\f\r]*(\.?)/uy

/** parse_ident: the parts of a name with dots, quotes taken off, others in lower case. Cost: one pass. */
export function parseIdent(name: string, strict: boolean, site: number): readonly string[] {
  const parts: string[] = []
  for (let at = 0, more = true; more;) {
    PART.lastIndex = at
    const found = PART.exec(name)
    if (found === null) throw failure(site, 'invalid-name', 'the text is no name')
    const [whole, quoted, plain, dot] = found
    parts.push(quoted?.replaceAll('""', '"') ?? plain!.replace(/[A-Z]+/g, lower))
    at += whole.length
    more = dot === '.'
    if (!more && strict && at < name.length) {
      throw failure(site, 'invalid-name', 'there is more behind the name')
    }
  }
  return parts
}

const lower = (letters: string): string => letters.toLowerCase()
