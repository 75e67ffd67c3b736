/** East Asian Wide and Fullwidth (Unicode Standard Annex 11), without the emoji, which have a property of their own. */
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u
/** The second alternative: a character that is asked to be shown as an emoji. */
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]/u
const PLAIN = /^[\x20-\x7e]*$/

let characters: Intl.Segmenter | null = null

/** How many columns a terminal gives a text of one line: two for wide characters and emoji, none for what joins or combines. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  characters ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  let width = 0
  for (const { segment } of characters.segment(text)) width += characterWidth(segment)
  return width
}

/** `text` with blanks up to `width` columns. */
export function padText(text: string, width: number, side: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)))
  return side === 'left' ? blanks + text : text + blanks
}

/** What of a text fits into `width` columns, with a mark where something is cut off. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  characters ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  let cut = ''
  let taken = 1
  for (const { segment } of characters.segment(text)) {
    taken += characterWidth(segment)
    if (taken > width) break
    cut += segment
  }
  return `${cut}…`
}

function characterWidth(character: string): number {
  if (WIDE.test(character) || EMOJI.test(character)) return 2
  return WITHOUT_WIDTH.test(character) ? 0 : 1
}
