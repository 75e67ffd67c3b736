/** Control characters, line ends, what turns the direction of writing, and what XML can't hold. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu

/** Untrusted text on one line: what would move the cursor or colour the terminal is shown as `\u001b`. */
export function printable(text: string): string {
  return text.replace(
    HIDDEN,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
