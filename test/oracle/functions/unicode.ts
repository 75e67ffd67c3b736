import { Failure } from '../failure.ts'
import type { Value } from '../value.ts'
import type { Twins } from './entry.ts'

const nulls = (values: readonly Value[]): bigint =>
  BigInt(values.filter(value => value === null).length)

/** Letter by letter. */
function unescape(text: string): string {
  const fail = (): never => {
    throw new Failure('invalid-escape', text)
  }
  let rest = text
  let result = ''
  while (rest !== '') {
    const at = rest.indexOf('\\')
    if (at < 0) return whole(result + rest)
    result += rest.slice(0, at)
    rest = rest.slice(at + 1)
    if (rest.startsWith('\\')) {
      result += '\\'
      rest = rest.slice(1)
      continue
    }
    const [prefix, length] = rest.startsWith('+')
      ? [1, 6]
      : rest.startsWith('u')
        ? [1, 4]
        : rest.startsWith('U')
          ? [1, 8]
          : [0, 4]
    const digits = rest.slice(prefix, prefix + length)
    const point =
      /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number(`0x${digits}`) : 0
    if (point < 1 || point > 0x10ffff) return fail()
    result += String.fromCodePoint(point)
    rest = rest.slice(prefix + length)
  }
  return whole(result)

  function whole(made: string): string {
    return /\p{Surrogate}/u.test(made) ? fail() : made
  }
}

export const unicodeTwins: Twins = {
  normalize: {
    evaluate: ([text, form = 'NFC']: readonly [string, string?]) =>
      text.normalize(form.toUpperCase())
  },
  is_normalized: {
    evaluate: ([text, form]: readonly [string, string]) =>
      [...text.normalize(form)].join('') === text
  },
  unistr: { evaluate: ([text]: readonly [string]) => unescape(text) },
  num_nulls: { takesNull: true, evaluate: nulls },
  num_nonnulls: {
    takesNull: true,
    evaluate: (values: readonly Value[]) => BigInt(values.length) - nulls(values)
  }
}
