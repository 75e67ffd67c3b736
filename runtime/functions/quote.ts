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
