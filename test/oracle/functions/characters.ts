import { fitInteger } from '../cast.ts'
import { Failure } from '../failure.ts'
import { checkLength } from './text-length.ts'
import type { Twins } from './entry.ts'

const letters = (text: string): string[] => [...text]
const codeOf = (letter: string): number => letter.codePointAt(0)!

/** Splitting by words puts them at odd places. */
function initcap([text]: readonly [string]): string {
  return text
    .split(/([\p{Alphabetic}\p{Nd}]+)/u)
    .map((part, i) => {
      if (i % 2 === 0) return part
      const [first, ...rest] = letters(part)
      return first!.toUpperCase() + rest.join('').toLowerCase()
    })
    .join('')
}

type Overlay<T> = readonly [T, T, bigint, bigint?]

function overlay(args: Overlay<string> | Overlay<Uint8Array>): string | Uint8Array {
  const [text, part, start, count] = args
  if (typeof text === 'string') {
    return overlayList(letters(text), letters(part as string), start, count).join('')
  }
  return Uint8Array.from(overlayList([...text], [...(part as Uint8Array)], start, count))
}

function overlayList<T>(
  all: readonly T[],
  part: readonly T[],
  start: bigint,
  count = BigInt(part.length)
): readonly T[] {
  if (start < 1n) throw new Failure('negative-length', 'starts before the text')
  const from = Number(start) - 1
  const to = Number(fitInteger(start + count, 'Int')) - 1
  return [...all.filter((_, i) => i < from), ...part, ...all.filter((_, i) => i >= to)]
}

function chr([number]: readonly [bigint]): string {
  const surrogate = number >= 0xd800n && number < 0xe000n
  if (number < 1n || number > 0x10ffffn || surrogate) {
    throw new Failure('invalid-character', 'no character')
  }
  return String.fromCodePoint(Number(number))
}

/** How many bytes UTF-8 has for it; a lone surrogate is replaced by a character of three. */
function bytesOf(letter: string): number {
  const code = codeOf(letter)
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

const octets = (text: string | Uint8Array): bigint =>
  BigInt(
    typeof text === 'string'
      ? letters(text).reduce((sum, letter) => sum + bytesOf(letter), 0)
      : text.length
  )

export const characterTwins: Twins = {
  initcap: { evaluate: initcap },
  repeat: {
    evaluate: ([text, count]: readonly [string, bigint]) => {
      if (text === '') return ''
      checkLength(BigInt(text.length) * count)
      return Array.from({ length: Math.max(0, Number(count)) }, () => text).join('')
    }
  },
  translate: {
    evaluate: ([text, from, to]: readonly [string, string, string]) =>
      letters(text)
        .map(letter => {
          const place = letters(from).indexOf(letter)
          return place < 0 ? letter : (letters(to)[place] ?? '')
        })
        .join('')
  },
  overlay: { evaluate: overlay },
  ascii: {
    evaluate: ([text]: readonly [string]) => (text === '' ? 0n : BigInt(codeOf(letters(text)[0]!)))
  },
  chr: { evaluate: chr },
  octet_length: { evaluate: ([text]: readonly [string | Uint8Array]) => octets(text) },
  bit_length: { evaluate: ([text]: readonly [string | Uint8Array]) => octets(text) * 8n },
  split_index: {
    evaluate: ([text, delimiter, index]: readonly [string, string, bigint]) => {
      if (text === '') return null
      const fields = delimiter === '' ? [text] : text.split(delimiter)
      return fields.find((_, i) => BigInt(i) === index) ?? null
    }
  }
}
