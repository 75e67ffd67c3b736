/** What may hold semicolons that end nothing, and semicolons; comments nest, so their ends are found by hand. */
const PARTS =
  /(?<!\w)e'(?:[^'\\]|\\[^]|'')*('?)|'(?:[^']|'')*('?)|"(?:[^"]|"")*("?)|`(?:[^`]|``)*(`?)|(?<!\w)\$\$[^]*?(\$\$|$(?![^]))|--.*|^\s*#.*|\/\*|;/gim

/** What a text ends inside of: the character that opened it, or a comment. */
export type OpenPart = "'" | '"' | '`' | '$' | '*'

export interface StatementText {
  /** The statements that end with a semicolon, without it. */
  readonly statements: readonly string[]
  /** What is behind the last of them; empty where that is nothing but blanks and comments. */
  readonly rest: string
  readonly open: OpenPart | null
}

/** Cuts a text at its semicolons, by the rules of the language for strings, quoted names and comments. */
export function splitStatements(text: string): StatementText {
  const statements: string[] = []
  const parts = new RegExp(PARTS)
  let open: OpenPart | null = null
  let start = 0
  /** The statement without its comments. */
  let bare = ''
  let after = 0
  for (let match = parts.exec(text); match !== null; match = parts.exec(text)) {
    const [part, ...closers] = match
    bare += text.slice(after, match.index)
    if (part === ';') {
      if (bare.trim() !== '') statements.push(text.slice(start, match.index).trim())
      bare = ''
      start = parts.lastIndex
    } else if (part === '/*') {
      const end = commentEnd(text, match.index)
      if (end === null) open = '*'
      parts.lastIndex = end ?? text.length
    } else if (!/^\s*(--|#)/.test(part)) {
      bare += part
      // Of the closers only that of this part is set: empty where the text ended first.
      if (closers.includes('')) open = part.replace(/^e/i, '')[0] as OpenPart
    }
    after = parts.lastIndex
  }
  const isBlank = (bare + text.slice(after)).trim() === '' && open === null
  return { statements, rest: isBlank ? '' : text.slice(start), open }
}

/** Behind the comment that opens at `start`; null where it does not end. */
function commentEnd(text: string, start: number): number | null {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return null
}
