import { type Alphabet, makeAlphabet } from './alphabet.ts'
import { type Automaton, makeAutomaton, runAutomaton } from './automaton.ts'
import { divide } from './divide.ts'
import type { RegexNode, RegexOptions } from './node.ts'
import { parseRegex } from './parse.ts'
import { makePart, type Part } from './part.ts'
import { makeProgram, makeSetTable, type Program } from './program.ts'

/** A compiled pattern. */
export interface Regex {
  /** How many groups capture. */
  readonly groups: number
  readonly root: Part
  /** Finds a match anywhere in one pass. */
  readonly anywhere: Automaton
  readonly automata: Map<Part, Automaton>
  readonly programs: ReadonlyMap<Part, Program>
  readonly alphabet: Alphabet
  /** Whether a match can only begin where the text does. */
  readonly anchored: boolean
}

/** Compiles a pattern of PostgreSQL's advanced syntax; throws a RegexError. Automata are built when text comes. */
export function compileRegex(pattern: string, options: RegexOptions): Regex {
  const { root: node, groups } = parseRegex(pattern, options)
  const root = makePart(node)
  const table = makeSetTable()
  const programs = new Map<Part, Program>()
  addPrograms(root, programs, node => makeProgram(node, table))
  const search = makeProgram(node, table, true)
  const all = [search, ...programs.values()]
  const alphabet = makeAlphabet(table.sets, all.some(hasPlaces))
  return {
    groups,
    root,
    anywhere: makeAutomaton(search, alphabet),
    automata: new Map(),
    programs,
    alphabet,
    anchored: isAnchored(node)
  }
}

/** Whether the pattern matches anywhere in the text. O(length), whatever the pattern. */
export function testRegex(regex: Regex, text: string): boolean {
  if (regex.anchored) return runAutomaton(rootOf(regex), text, 0, text.length, true) >= 0
  return runAutomaton(regex.anywhere, text, 0, text.length, true) >= 0
}

/**
 * The leftmost match from `from` on: the start and end of the whole and of each group, -1 for a group that took no part.
 * Null if there is none. Without `groups` only the whole is found.
 */
export function findRegex(
  regex: Regex,
  text: string,
  from: number,
  groups: boolean
): Int32Array | null {
  const stop = regex.anchored ? 0 : runAutomaton(regex.anywhere, text, from, text.length, true)
  const automaton = rootOf(regex)
  const shortest = regex.root.prefer === 'shortest'
  for (let start = from; start <= stop; start += text.codePointAt(start)! > 0xffff ? 2 : 1) {
    const end = runAutomaton(automaton, text, start, text.length, shortest)
    if (end < 0) continue
    const found = new Int32Array(2 + (groups ? regex.groups * 2 : 0)).fill(-1)
    if (groups) divide(regex.root, text, start, end, found, part => automatonOf(regex, part))
    found[0] = start
    found[1] = end
    return found
  }
  return null
}

function rootOf(regex: Regex): Automaton {
  return automatonOf(regex, regex.root)
}

function automatonOf({ automata, programs, alphabet }: Regex, part: Part): Automaton {
  const known = automata.get(part)
  if (known !== undefined) return known
  const made = makeAutomaton(programs.get(part)!, alphabet)
  automata.set(part, made)
  return made
}

function addPrograms(
  part: Part,
  programs: Map<Part, Program>,
  make: (node: RegexNode) => Program
): void {
  programs.set(part, make(part.node))
  for (const inner of partsOf(part)) addPrograms(inner, programs, make)
}

function partsOf(part: Part): readonly Part[] {
  switch (part.kind) {
    case 'Leaf':
      return []
    case 'Capture':
    case 'Iterate':
      return [part.item]
    case 'Concat':
      return [part.left, part.right]
    case 'Choice':
      return part.branches
  }
}

function hasPlaces({ instructions }: Program): boolean {
  return instructions.some(
    each => each.op === 'At' || (each.op === 'Look' && hasPlaces(each.look.program))
  )
}

function isAnchored(node: RegexNode): boolean {
  switch (node.kind) {
    case 'At':
      return node.place === 'textStart'
    case 'Sequence':
      return node.items.length > 0 && isAnchored(node.items[0]!)
    case 'Choice':
      return node.branches.every(isAnchored)
    case 'Group':
      return isAnchored(node.item)
    case 'Repeat':
      return node.min > 0 && isAnchored(node.item)
    case 'Characters':
    case 'Look':
      return false
  }
}
