/** What stands between statements, apart from comments in slashes, which nest. */
const BETWEEN = /(?:[\s;]+|--[^\r\n]*|#[^\r\n]*)+/y
const SPACE = 0x20
const SEMICOLON = 0x3b
// What else may stand between statements begins with one of them, or is no ASCII.
const DASH = 0x2d
const HASH = 0x23
const SLASH = 0x2f
const ASCII = 0x7f
/** Everything that may hold a semicolon which ends nothing, before single characters. What is left open ends with the text. */
const PART =
  /\s+|--[^\r\n]*|#[^\r\n]*|[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)|[\p{L}\p{N}_][\p{L}\p{N}_$]*|'[^']*(?:''[^']*)*(?:'|$)|"[^"]*(?:"|$)|`[^`]*(?:`|$)|\$\$[^]*?(?:\$\$|$)|[^]/uy
const COMMENT = /\/\*|\*\//g

/** Where the first statement at or behind `from` begins; -1: there is none. */
export function nextStatement(text: string, from: number): number {
  let at = from
  let code = text.charCodeAt(at)
  while (code === SEMICOLON || code <= SPACE) code = text.charCodeAt(++at)
  // Between most statements there is nothing else.
  if (code <= ASCII && code !== DASH && code !== HASH && code !== SLASH) return at
  for (;;) {
    const behind = skipComment(text, match(BETWEEN, text, at) ?? at)
    if (behind === at) return at < text.length ? at : -1
    at = behind
  }
}

/** Where the statement ends that begins at `start`: at a semicolon, or at the end of the text. As the grammar's lexer sees it. */
export function statementEnd(text: string, start: number): number {
  let at = start
  while (at < text.length && text[at] !== ';') at = partEnd(text, at)
  return at
}

/** Where the part ends that begins at `at`: blanks, a comment, a word, a literal, a quoted name, or one other character. */
export function partEnd(text: string, at: number): number {
  const behind = skipComment(text, at)
  return behind > at ? behind : match(PART, text, at)!
}

function match(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}

/** Behind the comment in slashes that begins at `at`, which may hold others; `at` where none does. */
function skipComment(text: string, at: number): number {
  if (!text.startsWith('/*', at)) return at
  COMMENT.lastIndex = at
  for (let depth = 0; ;) {
    const mark = COMMENT.exec(text)
    if (mark === null) return text.length
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return COMMENT.lastIndex
  }
}
