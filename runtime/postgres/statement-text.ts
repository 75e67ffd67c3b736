import { partEnd } from '../sql/statement-bounds.ts'
import { SqlStateError } from './sql-state-error.ts'

/** A place of a parameter, as `$1`, in a statement. */
interface Place {
  /** From 0. */
  readonly index: number
  readonly start: number
  readonly end: number
  /** It says how many rows, behind LIMIT or OFFSET: there is no other literal than a whole number. */
  readonly isCount: boolean
}

/** More than a driver sends: a Bind message counts them in 16 bits. */
const MOST_PARAMETERS = 0x7fff

/** A statement with places for parameters. */
export class StatementText {
  readonly text: string
  readonly #places: readonly Place[]

  constructor(text: string) {
    this.text = text
    this.#places = findPlaces(text)
  }

  /** How many parameters it has: the highest number of one. */
  get parameterCount(): number {
    return this.#places.reduce((most, { index }) => Math.max(most, index + 1), 0)
  }

  /** The text with SQL in the places of the parameters. */
  fill(sqlOf: (index: number, isCount: boolean) => string): FilledText {
    const starts: number[] = []
    let text = ''
    let behind = 0
    for (const { index, start, end, isCount } of this.#places) {
      text += this.text.slice(behind, start)
      starts.push(text.length)
      text += sqlOf(index, isCount)
      behind = end
    }
    text += this.text.slice(behind)
    return { text, starts, parameters: this.#places.map(({ index }) => index) }
  }

  /** Where a place of the filled text comes from. */
  origin({ text, starts }: FilledText, position: number): number {
    const last = starts.findLastIndex(start => start <= position)
    const place = this.#places[last]
    if (place === undefined) return position
    const next = this.#places[last + 1]
    const kept = (next?.start ?? this.text.length) - place.end
    const end = (starts[last + 1] ?? text.length) - kept
    // Inside of what stands for a parameter: at the parameter.
    return position < end ? place.start : place.end + position - end
  }
}

export interface FilledText {
  readonly text: string
  /** Where each place begins, and the number of its parameter. */
  readonly starts: readonly number[]
  readonly parameters: readonly number[]
}

/** Clients count characters, from 1; an offset into a string counts units of UTF-16, from 0. */
export function characterAt(text: string, offset: number): number {
  return [...text.slice(0, offset)].length + 1
}

function findPlaces(text: string): readonly Place[] {
  const places: Place[] = []
  let word = ''
  for (let at = 0; at < text.length;) {
    const number = text[at] === '$' ? /\d+/y : null
    if (number !== null) number.lastIndex = at + 1
    const digits = number?.exec(text)?.[0]
    if (digits !== undefined) {
      const end = at + 1 + digits.length
      places.push({
        index: indexOf(digits),
        start: at,
        end,
        isCount: /^(limit|offset)$/i.test(word)
      })
      word = ''
      at = end
      continue
    }
    const end = partEnd(text, at)
    const part = text.slice(at, end)
    if (part.trim() !== '' && !/^(--|\/\*|#)/.test(part)) word = part
    at = end
  }
  return places
}

function indexOf(digits: string): number {
  const number = Number(digits)
  if (number >= 1 && number <= MOST_PARAMETERS) return number - 1
  throw new SqlStateError('42P02', `there is no parameter $${digits}`)
}
