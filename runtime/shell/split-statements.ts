/** Texts in quotes and comments, which may hold semicolons; what is left open ends with the text. */
const OPAQUE =
  /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|--[^\n]*|\/\*[^]*?(?:\*\/|$)/g

/** The statements that end with a semicolon, and what is behind the last of them. */
export function splitStatements(text: string): {
  readonly statements: readonly string[]
  readonly rest: string
} {
  // As long as before, so that places stay the same.
  const plain = text.replace(OPAQUE, part => 'x'.repeat(part.length))
  const statements: string[] = []
  let start = 0
  for (let end = plain.indexOf(';'); end >= 0; end = plain.indexOf(';', start)) {
    const statement = text.slice(start, end).trim()
    if (statement !== '') statements.push(statement)
    start = end + 1
  }
  return { statements, rest: text.slice(start) }
}
