// `characters` is a set, as in PostgreSQL: trim('xyxa', 'xy') is 'a'. Each walks from its end, O(removed * set).

export function trimStart(text: string, characters: string): string {
  let start = 0
  for (let length = 0; start < text.length; start += length) {
    length = characterAt(text, start)
    if (!characters.includes(text.slice(start, start + length))) break
  }
  return text.slice(start)
}

export function trimEnd(text: string, characters: string): string {
  let end = text.length
  for (let length = 0; end > 0; end -= length) {
    length = end > 1 && characterAt(text, end - 2) === 2 ? 2 : 1
    if (!characters.includes(text.slice(end - length, end))) break
  }
  return text.slice(0, end)
}

export function trimBoth(text: string, characters: string): string {
  return trimEnd(trimStart(text, characters), characters)
}

/** How many UTF-16 units the character at `pos` takes. */
function characterAt(text: string, pos: number): number {
  return text.codePointAt(pos)! > 0xffff ? 2 : 1
}
