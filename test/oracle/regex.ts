import type { Pattern, RegexNode } from './regex-syntax.ts'

/** Where a match begins and ends, and each group; letters, not units. Null for a group that took no part. */
export interface Match {
  readonly start: number
  readonly end: number
  readonly groups: readonly (readonly [start: number, end: number] | null)[]
}

type Wants = 'much' | 'little' | null

/** The leftmost match from a letter on. By sets of positions, so that no pattern takes long; null if there is none. */
export function findMatch(
  { root, groups }: Pattern,
  letters: readonly string[],
  from: number
): Match | null {
  const memo: Memo = { letters, ends: new Map() }
  for (let start = from; start <= letters.length; start++) {
    const ends = endsOf(root, start, memo)
    if (ends.length === 0) continue
    const end = wants(root) === 'little' ? ends[0]! : ends.at(-1)!
    const found: ([number, number] | null)[] = Array.from({ length: groups }, () => null)
    divide(root, start, end, found, memo)
    return { start, end, groups: found }
  }
  return null
}

interface Memo {
  readonly letters: readonly string[]
  readonly ends: Map<RegexNode, Map<number, number[]>>
}

/** Every position where a match of the node that begins at `start` may end, in order. */
function endsOf(node: RegexNode, start: number, memo: Memo): readonly number[] {
  const known = memo.ends.get(node) ?? new Map<number, number[]>()
  memo.ends.set(node, known)
  const found =
    known.get(start) ?? [...new Set(computeEnds(node, start, memo))].sort((a, b) => a - b)
  known.set(start, found)
  return found
}

function computeEnds(node: RegexNode, start: number, memo: Memo): readonly number[] {
  const { letters } = memo
  switch (node.type) {
    case 'letter':
      return start < letters.length && node.has(letters[start]!) ? [start + 1] : []
    case 'place':
      return node.holds(letters[start - 1] ?? '', letters[start] ?? '') ? [start] : []
    case 'group':
      return endsOf(node.item, start, memo)
    case 'choice':
      return node.items.flatMap(item => endsOf(item, start, memo))
    case 'sequence':
      return node.items.reduce<readonly number[]>(
        (places, item) => step(item, places, memo),
        [start]
      )
    case 'repeat':
      return repeatEnds(node.item, node.min, node.max, start, memo)
    case 'look':
      return looksRight(node, start, memo) ? [start] : []
  }
}

function looksRight(
  { item, behind, negated }: Extract<RegexNode, { type: 'look' }>,
  at: number,
  memo: Memo
): boolean {
  const starts = behind ? Array.from({ length: at + 1 }, (_, i) => i) : [at]
  const seen = starts.some(start => {
    const ends = endsOf(item, start, memo)
    return behind ? ends.includes(at) : ends.length > 0
  })
  return seen !== negated
}

function step(item: RegexNode, places: readonly number[], memo: Memo): readonly number[] {
  return [...new Set(places.flatMap(place => endsOf(item, place, memo)))]
}

function repeatEnds(item: RegexNode, min: number, max: number, start: number, memo: Memo) {
  let places: readonly number[] = [start]
  for (let i = 0; i < min; i++) places = step(item, places, memo)
  const all = new Set(places)
  for (let i = min; i < max && places.length > 0; i++) {
    places = step(item, places, memo).filter(place => !all.has(place))
    for (const place of places) all.add(place)
  }
  return [...all]
}

/** Whether a part takes as much as it can or as little: the first of its parts that has a choice decides. */
function wants(node: RegexNode): Wants {
  switch (node.type) {
    case 'choice':
      return 'much'
    case 'sequence':
      return node.items.map(wants).find(each => each !== null) ?? null
    case 'repeat':
      return node.wants ?? wants(node.item)
    case 'group':
      return wants(node.item)
    case 'letter':
    case 'place':
    case 'look':
      return null
  }
}

/** Whether it must be looked into: it has groups, or its parts want different things. */
function isMessy(node: RegexNode): boolean {
  switch (node.type) {
    case 'group':
      return true
    case 'choice':
      return node.items.some(item => isMessy(item) || wants(item) === 'little')
    case 'sequence':
      return firstMessy(node.items) >= 0
    case 'repeat':
      return isMessy(node.item) || clash(node.wants, wants(node.item))
    case 'letter':
    case 'place':
    case 'look':
      return false
  }
}

function clash(a: Wants, b: Wants): boolean {
  return a !== null && b !== null && a !== b
}

/** The first item that is messy or wants something else than those before it; -1 if none does. */
function firstMessy(items: readonly RegexNode[]): number {
  return items.findIndex((item, i) => {
    const before = wants({ type: 'sequence', items: items.slice(0, i) })
    return isMessy(item) || clash(before, wants(item))
  })
}

function fits(node: RegexNode, start: number, end: number, memo: Memo): boolean {
  return endsOf(node, start, memo).includes(end)
}

function preferred(node: RegexNode, start: number, memo: Memo, want: Wants): readonly number[] {
  const ends = endsOf(node, start, memo)
  return want === 'little' ? ends : ends.toReversed()
}

type Found = ([number, number] | null)[]

/** Sets the groups of a node that matches from `start` to `end`. */
function divide(node: RegexNode, start: number, end: number, found: Found, memo: Memo): void {
  switch (node.type) {
    case 'group':
      divide(node.item, start, end, found, memo)
      found[node.index - 1] = [start, end]
      break
    case 'choice': {
      const fit = node.items.find(item => fits(item, start, end, memo))
      if (fit !== undefined) divide(fit, start, end, found, memo)
      break
    }
    case 'sequence':
      divideSequence(node.items, start, end, found, memo)
      break
    case 'repeat':
      if (isMessy(node.item)) divideRepeat(node, start, end, found, memo)
      break
    case 'letter':
    case 'place':
    case 'look':
  }
}

/** Cut before and behind the first messy item; each piece has its way as far as the rest still fits. */
function divideSequence(
  items: readonly RegexNode[],
  start: number,
  end: number,
  found: Found,
  memo: Memo
): void {
  const messy = firstMessy(items)
  if (messy < 0) return
  const before = sequence(items.slice(0, messy))
  const item = items[messy]!
  const behind = sequence(items.slice(messy + 1))
  const both = sequence(items.slice(messy))
  const from = preferred(before, start, memo, wants(before)).find(place =>
    fits(both, place, end, memo)
  )!
  const to = preferred(item, from, memo, wants(item)).find(place => fits(behind, place, end, memo))!
  divide(item, from, to, found, memo)
  divide(behind, to, end, found, memo)
}

function sequence(items: readonly RegexNode[]): RegexNode {
  return { type: 'sequence', items }
}

/** Only the last round sets groups. */
function divideRepeat(
  node: Extract<RegexNode, { type: 'repeat' }>,
  start: number,
  end: number,
  found: Found,
  memo: Memo
): void {
  const { item, min, max } = node
  if (min > 0) {
    const head: RegexNode = { ...node, min: min - 1, max: max - 1 }
    const middle = preferred(head, start, memo, wants(node)).find(place =>
      fits(item, place, end, memo)
    )!
    divide(item, middle, end, found, memo)
  } else if (start < end) {
    divide(item, lastRound(item, max, start, end, memo), end, found, memo)
  } else if (wants(item) !== 'little' && fits(item, start, end, memo)) {
    divide(item, start, end, found, memo)
  }
}

/** Where the last of at most `left` rounds begins; none is empty, and each leaves what the others can still match. */
function lastRound(item: RegexNode, left: number, start: number, end: number, memo: Memo): number {
  const others: RegexNode = { type: 'repeat', item, min: 0, max: left - 1, wants: null }
  const next = preferred(item, start, memo, wants(item)).find(
    place => place > start && fits(others, place, end, memo)
  )!
  return next === end ? start : lastRound(item, left - 1, next, end, memo)
}
