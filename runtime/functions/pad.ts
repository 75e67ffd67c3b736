import { failure } from '../sql/failure.ts'
import { sliceText, textLength } from './text.ts'

/** Longer texts than this are refused: no Kafka record holds one, and a wrong length must not eat the memory. */
const MAX_LENGTH = 16_777_216

/** Fills up on the left to `length` characters; a longer text is cut to its first ones. */
export function padLeft(text: string, length: number, fill: string, site: number): string {
  const cut = sliceText(text, 0, length)
  return padding(cut, length, fill, site) + cut
}

/** Fills up on the right to `length` characters; a longer text is cut to its first ones. */
export function padRight(text: string, length: number, fill: string, site: number): string {
  const cut = sliceText(text, 0, length)
  return cut + padding(cut, length, fill, site)
}

function padding(text: string, length: number, fill: string, site: number): string {
  const missing = length - textLength(text)
  if (missing <= 0 || fill === '') return ''
  checkTextLength(length, site)
  return sliceText(fill.repeat(Math.ceil(missing / textLength(fill))), 0, missing)
}

export function checkTextLength(length: number, site: number): void {
  if (length > MAX_LENGTH) throw failure(site, 'text-too-long', 'the text would be too long')
}
