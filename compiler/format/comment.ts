/** A comment between two tokens, and how it stands among the line breaks of the script. */
export interface Comment {
  /** As written, without trailing blanks. */
  readonly text: string
  /** It begins its line. */
  readonly starts: boolean
  /** A line break follows it: for `--` and `#` there has to be one. */
  readonly ends: boolean
  /** An empty line stands before it. */
  readonly blankBefore: boolean
  /** What stands before it in its line. */
  readonly before: string
}

/** What stands between two tokens. */
export interface Gap {
  readonly comments: readonly Comment[]
  /** Whether a line ends in the gap. */
  readonly broken: boolean
  /** Whether an empty line stands before the token that ends the gap. */
  readonly blank: boolean
}

const oneBlank: Gap = Object.freeze({ comments: [], broken: false, blank: false })

interface Found {
  readonly text: string
  readonly before: string
  readonly breaksBefore: number
}

/** Reads script[start, end), which is known to hold only blanks and comments. */
export function readGap(script: string, start: number, end: number): Gap {
  // Nearly all gaps are nothing or a blank.
  if (end === start || (end === start + 1 && script[start] === ' ')) return oneBlank
  const { found, breaksBehind } = scanGap(script, start, end)
  const isLast = end === script.length
  const breaksAfter = (i: number): boolean =>
    i + 1 < found.length ? found[i + 1]!.breaksBefore > 0 : isLast || breaksBehind > 0
  const endsRun = (i: number): boolean => {
    let last = i
    while (last + 1 < found.length && found[last + 1]!.breaksBefore === 0) last++
    return breaksAfter(last)
  }
  const comments = found.map(({ text, before, breaksBefore }, i) => ({
    text,
    before,
    // Before a token of its line a comment goes where the token goes.
    starts: breaksBefore > 0 && endsRun(i),
    ends: breaksAfter(i),
    blankBefore: breaksBefore > 1
  }))
  return {
    comments,
    broken: breaksBehind > 0 || found.some(({ breaksBefore }) => breaksBefore > 0),
    blank: breaksBehind > 1
  }
}

function scanGap(
  script: string,
  start: number,
  stop: number
): { readonly found: Found[]; readonly breaksBehind: number } {
  const found: Found[] = []
  // The script's first line begins as if another were before it.
  let breaks = start === 0 ? 1 : 0
  let at = start
  while (at < stop) {
    const end = commentEnd(script, at)
    if (end > at) {
      const text = trimLines(script.slice(at, end))
      found.push({ text, before: lineBefore(script, at), breaksBefore: breaks })
      breaks = 0
      at = end
      continue
    }
    if (isLineBreak(script, at)) breaks++
    at++
  }
  return { found, breaksBehind: breaks }
}

function lineBefore(script: string, at: number): string {
  return script.slice(script.lastIndexOf('\n', at - 1) + 1, at)
}

/** `\n` and a lone `\r`: the lexer ends a comment at either. */
function isLineBreak(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')
}

/** Behind the comment that starts here; `at` itself where none does. */
function commentEnd(text: string, at: number): number {
  if (text[at] === '#' || text.startsWith('--', at)) {
    const lineEnd = /[\r\n]|$/g
    lineEnd.lastIndex = at
    return lineEnd.exec(text)!.index
  }
  if (!text.startsWith('/*', at)) return at
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if (text.startsWith('/*', i)) depth++
    else if (text.startsWith('*/', i)) depth--
    else continue
    i++
    if (depth === 0) return i + 1
  }
  throw new Error('an open comment between two tokens')
}

/** Without blanks at the ends of its lines; the line breaks of a long comment stay what they are. */
function trimLines(text: string): string {
  return text.replace(/[^\S\r\n]+(?=[\r\n]|$)/g, '')
}
