/** What `skipJson` answers where the text is not JSON. */
export const NOT_JSON = -1

/** As deep as the decoder allows: a longer chain of brackets is an attack, not data. */
const MAX_DEPTH = 512

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** The first position from `pos` on that is not white space. */
export function skipSpace(text: string, pos: number): number {
  return matchEnd(SPACE, text, pos)
}

/** The position behind the JSON value that begins at `pos`, every byte of it checked; NOT_JSON if there is none. */
export function skipJson(text: string, pos: number): number {
  // The containers that are open, as their closing characters: no recursion, so depth costs no stack.
  const open: string[] = []
  for (;;) {
    pos = skipSpace(text, pos)
    const first = text[pos]
    if ((first === '{' || first === '[') && open.length < MAX_DEPTH) {
      open.push(first === '{' ? '}' : ']')
      pos = skipSpace(text, pos + 1)
      if (text[pos] !== open[open.length - 1]) {
        if (first === '{') pos = skipKey(text, pos)
        if (pos === NOT_JSON) return NOT_JSON
        continue
      }
    } else {
      pos = skipScalar(text, pos, first)
      if (pos === NOT_JSON || open.length === 0) return pos
    }
    pos = skipClosing(text, pos, open)
    if (pos === NOT_JSON || open.length === 0) return pos
  }
}

/** The position behind `"key" :`. */
export function skipKey(text: string, pos: number): number {
  const end = skipString(text, pos)
  if (end === NOT_JSON) return NOT_JSON
  pos = skipSpace(text, end)
  return text[pos] === ':' ? pos + 1 : NOT_JSON
}

/** The position behind the string that begins at `pos`. */
export function skipString(text: string, pos: number): number {
  if (text[pos] !== '"') return NOT_JSON
  for (pos++; pos < text.length;) {
    const unit = text.charCodeAt(pos)
    if (unit === 0x22) return pos + 1
    // RFC 8259 forbids raw control characters in strings.
    if (unit < 0x20) return NOT_JSON
    pos = unit === 0x5c ? matchEnd(ESCAPE, text, pos) : pos + 1
    if (pos === NOT_JSON) return NOT_JSON
  }
  return NOT_JSON
}

/** Closes what ends here, then goes behind the comma (and key) of the next member; at the end `open` is empty. */
function skipClosing(text: string, pos: number, open: string[]): number {
  for (;;) {
    const close = open[open.length - 1]!
    if (text[pos] === close) {
      open.pop()
      pos++
      if (open.length === 0) return pos
      pos = skipSpace(text, pos)
      continue
    }
    pos = skipSpace(text, pos)
    if (text[pos] === close) continue
    if (text[pos] !== ',') return NOT_JSON
    pos = skipSpace(text, pos + 1)
    return close === '}' ? skipKey(text, pos) : pos
  }
}

function skipScalar(text: string, pos: number, first: string | undefined): number {
  switch (first) {
    case '"':
      return skipString(text, pos)
    case 't':
      return text.startsWith('true', pos) ? pos + 4 : NOT_JSON
    case 'f':
      return text.startsWith('false', pos) ? pos + 5 : NOT_JSON
    case 'n':
      return text.startsWith('null', pos) ? pos + 4 : NOT_JSON
    default:
      return matchEnd(NUMBER, text, pos)
  }
}

function matchEnd(pattern: RegExp, text: string, pos: number): number {
  pattern.lastIndex = pos
  return pattern.test(text) ? pattern.lastIndex : NOT_JSON
}
