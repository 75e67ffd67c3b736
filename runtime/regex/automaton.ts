import {
  type Alphabet,
  classOf,
  EDGE,
  END,
  type Neighbour,
  neighbourOf,
  OTHER
} from './alphabet.ts'
import { followProgram } from './follow.ts'
import type { LookProgram, Program } from './program.ts'

/**
 * A deterministic automaton that is built while it runs, as PostgreSQL's: each character costs one look into a table,
 * whatever the pattern, and no text makes it go back. Its size is bounded: a full table is begun anew.
 */
export interface Automaton {
  readonly program: Program
  readonly alphabet: Alphabet
  readonly states: State[]
  readonly byKey: Map<string, number>
  /** By what stands before it; -1 until it is needed. */
  readonly starts: Int32Array
  /** By state and class of the next character: the next state * 2, + 1 if the text up to here matches; UNKNOWN before it is asked. */
  moves: Int32Array
  /** A state's part of `moves` is 2^shift long. */
  shift: number
  readonly lookups: Map<LookProgram, Automaton>
}

interface State {
  /** States of the program, before what costs no character is followed: that depends on the next one. */
  readonly core: readonly number[]
  readonly before: Neighbour
}

const UNKNOWN = -1
const DEAD = 0
const MAX_STATES = 1_000
const FIRST_STATES = 16
const FIRST_SHIFT = 4

export function makeAutomaton(program: Program, alphabet: Alphabet): Automaton {
  const automaton: Automaton = {
    program,
    alphabet,
    states: [],
    byKey: new Map(),
    starts: new Int32Array(4),
    moves: new Int32Array(0),
    shift: FIRST_SHIFT,
    lookups: new Map()
  }
  reset(automaton)
  return automaton
}

/** Forgets all states but the dead one, and makes room for all classes that are known by now. */
function reset(automaton: Automaton): void {
  const { states, byKey, starts, alphabet } = automaton
  states.length = 0
  states.push({ core: [], before: EDGE })
  byKey.clear()
  starts.fill(UNKNOWN)
  while (1 << automaton.shift < alphabet.members.length) automaton.shift++
  automaton.moves = new Int32Array(FIRST_STATES << automaton.shift).fill(UNKNOWN)
}

/**
 * Where the match that begins at `start` ends: the last place up to `stop`, or with `shortest` the first one; -1 if there
 * is none. `ends` collects all that are passed. O(length of the text that it sees).
 */
export function runAutomaton(
  automaton: Automaton,
  text: string,
  start: number,
  stop: number,
  shortest: boolean,
  ends: number[] | null = null
): number {
  const { alphabet } = automaton
  const { ascii } = alphabet
  let { moves, shift } = automaton
  let state = startState(automaton, text, start)
  let last = -1
  for (let at = start; ;) {
    let point = -1
    let kind = END
    if (at < text.length) {
      point = text.charCodeAt(at)
      if (point < 128) kind = ascii[point]!
      else kind = classOf(alphabet, (point = text.codePointAt(at)!))
    }
    let move = kind >> shift === 0 ? moves[(state << shift) | kind]! : UNKNOWN
    if (move === UNKNOWN) {
      move = findMove(automaton, state, kind, text, at)
      moves = automaton.moves
      shift = automaton.shift
    }
    if ((move & 1) === 1) {
      last = at
      if (shortest) return last
      ends?.push(at)
    }
    state = move >> 1
    if (state === DEAD || at >= stop || point < 0) return last
    at += point > 0xffff ? 2 : 1
  }
}

function startState(automaton: Automaton, text: string, start: number): number {
  const before = neighbourBefore(automaton.alphabet, text, start)
  const known = automaton.starts[before]!
  if (known !== UNKNOWN) return known
  const state = stateOf(automaton, [automaton.program.start], before)
  automaton.starts[before] = state
  return state
}

function neighbourBefore(alphabet: Alphabet, text: string, at: number): Neighbour {
  if (at === 0) return EDGE
  if (!alphabet.hasPlaces) return OTHER
  const isPair = at > 1 && text.codePointAt(at - 2)! > 0xffff
  return neighbourOf(alphabet, text.codePointAt(at - (isPair ? 2 : 1))!)
}

function stateOf(automaton: Automaton, core: readonly number[], before: Neighbour): number {
  if (core.length === 0) return DEAD
  const { states, byKey } = automaton
  const key = `${before}:${core.join()}`
  const known = byKey.get(key)
  if (known !== undefined) return known
  const full = states.length >= MAX_STATES
  if (full || automaton.alphabet.members.length > 1 << automaton.shift) reset(automaton)
  if ((states.length + 1) << automaton.shift > automaton.moves.length) {
    const grown = new Int32Array(automaton.moves.length * 2).fill(UNKNOWN)
    grown.set(automaton.moves)
    automaton.moves = grown
  }
  byKey.set(key, states.length)
  return states.push({ core, before }) - 1
}

function findMove(
  automaton: Automaton,
  from: number,
  kind: number,
  text: string,
  at: number
): number {
  const { alphabet, program, states } = automaton
  const state = states[from]!
  const after = alphabet.neighbours[kind]!
  const members = alphabet.members[kind]!
  const look = (each: LookProgram): boolean => looksRight(automaton, each, text, at)
  const core = new Set<number>()
  let accepted = 0
  for (const index of followProgram(program, state.core, state.before, after, look)) {
    const instruction = program.instructions[index]!
    if (instruction.op === 'Match') accepted = 1
    else if (instruction.op === 'Set' && members[instruction.set]) core.add(instruction.next)
  }
  const sorted = [...core].sort((a, b) => a - b)
  const move = stateOf(automaton, sorted, alphabet.hasPlaces ? after : OTHER) * 2 + accepted
  // What looks ahead or behind holds for this position only, and a table that was begun anew does not know the state.
  if (!program.looks && states[from] === state) {
    automaton.moves[(from << automaton.shift) | kind] = move
  }
  return move
}

function looksRight(automaton: Automaton, look: LookProgram, text: string, at: number): boolean {
  const { lookups, alphabet } = automaton
  let inner = lookups.get(look)
  if (inner === undefined) lookups.set(look, (inner = makeAutomaton(look.program, alphabet)))
  const found = look.behind
    ? runAutomaton(inner, text, 0, at, false) === at
    : runAutomaton(inner, text, at, text.length, true) >= 0
  return found !== look.negated
}
