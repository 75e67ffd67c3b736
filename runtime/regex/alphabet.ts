import { type CharacterSet, hasCharacter, isWordCharacter } from './character-set.ts'

/** What stands before or after a position, as far as places ask. */
export const EDGE = 0
export const WORD = 1
export const NEWLINE = 2
export const OTHER = 3
export type Neighbour = typeof EDGE | typeof WORD | typeof NEWLINE | typeof OTHER

/** Characters that no set of a pattern tells apart are one class; class 0 is the end of the text. */
export const END = 0

/**
 * The classes of one pattern's characters. Those of ASCII are found by a table; others are classified when they first
 * occur.
 */
export interface Alphabet {
  readonly sets: readonly CharacterSet[]
  /** Whether places ask for words and lines: then classes differ in them too. */
  readonly hasPlaces: boolean
  readonly ascii: Uint16Array
  readonly others: Map<number, number>
  /** By class: which sets have its characters, and what neighbour it is. */
  readonly members: boolean[][]
  readonly neighbours: Neighbour[]
  readonly bySignature: Map<string, number>
}

export function makeAlphabet(sets: readonly CharacterSet[], hasPlaces: boolean): Alphabet {
  const alphabet: Alphabet = {
    sets,
    hasPlaces,
    ascii: new Uint16Array(128),
    others: new Map(),
    members: [[]],
    neighbours: [EDGE],
    bySignature: new Map()
  }
  for (let point = 0; point < 128; point++) alphabet.ascii[point] = classify(alphabet, point)
  return alphabet
}

/** O(1), but for characters beyond ASCII that have not occurred before. */
export function classOf(alphabet: Alphabet, point: number): number {
  if (point < 128) return alphabet.ascii[point]!
  const known = alphabet.others.get(point)
  if (known !== undefined) return known
  const found = classify(alphabet, point)
  alphabet.others.set(point, found)
  return found
}

export function neighbourOf({ hasPlaces }: Alphabet, point: number): Neighbour {
  if (!hasPlaces) return OTHER
  if (point === 0x0a) return NEWLINE
  return isWordCharacter(point) ? WORD : OTHER
}

function classify(alphabet: Alphabet, point: number): number {
  const { sets, members, neighbours, bySignature } = alphabet
  const membership = sets.map(set => hasCharacter(set, point))
  const neighbour = neighbourOf(alphabet, point)
  const signature = `${neighbour}${membership.map(Number).join('')}`
  const known = bySignature.get(signature)
  if (known !== undefined) return known
  bySignature.set(signature, members.length)
  members.push(membership)
  neighbours.push(neighbour)
  return members.length - 1
}
