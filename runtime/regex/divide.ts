import { type Automaton, runAutomaton } from './automaton.ts'
import type { Part } from './part.ts'

/** The automaton of a part, made when it is first needed. */
export type AutomatonOf = (part: Part) => Automaton

/**
 * Finds which text the groups of a part hold, knowing that the part matches exactly from `start` to `end`: each part is
 * divided among its own, the left one served first. O(length^2 * parts) at worst. `groups` takes start and end by index.
 */
export function divide(
  part: Part,
  text: string,
  start: number,
  end: number,
  groups: Int32Array,
  automatonOf: AutomatonOf
): void {
  const matches = (inner: Part, from: number, to: number): boolean =>
    runAutomaton(automatonOf(inner), text, from, to, false) === to
  const within = (inner: Part, from: number, to: number): void =>
    divide(inner, text, from, to, groups, automatonOf)
  switch (part.kind) {
    case 'Leaf':
      return
    case 'Capture':
      within(part.item, start, end)
      groups[part.index * 2] = start
      groups[part.index * 2 + 1] = end
      return
    case 'Choice': {
      const fit = part.branches.find(branch => matches(branch, start, end))
      if (fit !== undefined) within(fit, start, end)
      return
    }
    case 'Concat': {
      const ends = endsByPreference(part.left, text, start, end, automatonOf)
      const middle = ends.find(place => matches(part.right, place, end))
      if (middle === undefined) throw new Error('the parts of a match do not add up')
      within(part.left, start, middle)
      within(part.right, middle, end)
      return
    }
    case 'Iterate': {
      if (start < end) within(part.item, lastRound(part, text, start, end, automatonOf), end)
      // Without text PostgreSQL goes around once, but for items that want little.
      else if (part.item.prefer !== 'shortest' && matches(part.item, start, end)) {
        within(part.item, start, end)
      }
    }
  }
}

/** Where the part may end, what it prefers first. */
function endsByPreference(
  part: Part,
  text: string,
  start: number,
  stop: number,
  automatonOf: AutomatonOf
): number[] {
  const ends: number[] = []
  runAutomaton(automatonOf(part), text, start, stop, false, ends)
  return part.prefer === 'shortest' ? ends : ends.reverse()
}

/**
 * Where the last round of an iteration begins: only that one captures. Each round takes what it prefers, as long as the
 * rest can be done in the rounds that remain; none is empty.
 */
function lastRound(
  part: Extract<Part, { kind: 'Iterate' }>,
  text: string,
  start: number,
  end: number,
  automatonOf: AutomatonOf
): number {
  const hopeless = new Set<string>()
  // Its own stack: a round per character would exhaust the engine's.
  const rounds: { readonly from: number; readonly ends: number[] }[] = []
  const open = (from: number): void => {
    const ends = endsByPreference(part.item, text, from, end, automatonOf)
    rounds.push({ from, ends: ends.filter(to => to > from) })
  }
  for (open(start); rounds.length > 0;) {
    const { from, ends } = rounds.at(-1)!
    const left = part.max - rounds.length
    const to = ends.shift()
    if (to === end) return from
    if (to === undefined) {
      hopeless.add(`${from} ${left}`)
      rounds.pop()
    } else if (left > 0 && !hopeless.has(`${to} ${left - 1}`)) open(to)
  }
  throw new Error('the rounds of a match do not add up')
}
