/** Control characters, line ends, what turns the direction of writing, and what XML can't hold. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu

/** Untrusted text on one line: what would move the cursor or colour the terminal is shown as `\u001b`. */
export function printable(text: string): string {
  return text.replace(
    HIDDEN,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

/** As `printable`, of text that has lines. JSON stays the same document: its strings are spelled otherwise. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
