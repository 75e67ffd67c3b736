import { failure } from '../sql/failure.ts'

const ESCAPE = /\\(?:\\|([\da-fA-F]{4})|\+([\da-fA-F]{6})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|)/g

/** unistr: escapes of code points as characters, two halves of a surrogate pair as the one that they make. */
export function unescapeUnicode(text: string, site: number): string {
  const result = text.replace(ESCAPE, (escape, ...digits: (string | undefined)[]) => {
    if (escape === '\\\\') return '\\'
    const hex = digits.slice(0, 4).find(each => each !== undefined)
    const point = hex === undefined ? NaN : parseInt(hex, 16)
    if (!(point > 0 && point <= 0x10ffff)) {
      throw failure(site, 'invalid-escape', 'an escape is no code point of Unicode')
    }
    return String.fromCodePoint(point)
  })
  if (result.isWellFormed()) return result
  throw failure(site, 'invalid-escape', 'an escape is half of a surrogate pair')
}

/** IS NORMALIZED. */
export function isNormalized(text: string, form: string): boolean {
  return text === text.normalize(form)
}

/** How many of the values are NULL. */
export function countNulls(values: readonly unknown[]): number {
  return values.filter(value => value === null).length
}
