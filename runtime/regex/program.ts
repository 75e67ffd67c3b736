import type { CharacterSet } from './character-set.ts'
import { type Place, RegexError, type RegexNode } from './node.ts'

/** One state of a nondeterministic automaton. */
export type Instruction =
  | { readonly op: 'Set'; readonly set: number; readonly next: number }
  | { readonly op: 'Split'; readonly next: number; readonly other: number }
  | { readonly op: 'At'; readonly place: Place; readonly next: number }
  | { readonly op: 'Look'; readonly look: LookProgram; readonly next: number }
  | { readonly op: 'Match' }

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly start: number
  /** Whether it looks further than one character: then its transitions depend on the position. */
  readonly looks: boolean
}

export interface LookProgram {
  readonly program: Program
  readonly behind: boolean
  readonly negated: boolean
}

/** More states than this are refused: a few nested counts already ask for millions. */
const MAX_STATES = 20_000

/** The sets of a pattern, each once. */
export interface SetTable {
  readonly sets: CharacterSet[]
  readonly byKey: Map<string, number>
}

export function makeSetTable(): SetTable {
  return { sets: [], byKey: new Map() }
}

/** `anywhere`: matches may begin behind any text. */
export function makeProgram(node: RegexNode, table: SetTable, anywhere = false): Program {
  const instructions: Instruction[] = [{ op: 'Match' }]
  const builder: Builder = { instructions, table, looks: false }
  const whole: RegexNode = anywhere ? { kind: 'Sequence', items: [anything, node] } : node
  const start = emit(whole, 0, builder)
  return { instructions, start, looks: builder.looks }
}

const anything: RegexNode = {
  kind: 'Repeat',
  item: {
    kind: 'Characters',
    set: { ranges: [], classes: [], negated: true, ignoreCase: false }
  },
  min: 0,
  max: Infinity,
  prefer: 'shortest'
}

interface Builder {
  readonly instructions: Instruction[]
  readonly table: SetTable
  looks: boolean
}

function add(instruction: Instruction, { instructions }: Builder): number {
  if (instructions.length >= MAX_STATES) throw new RegexError('it is too large')
  return instructions.push(instruction) - 1
}

/** Adds what matches the node and then goes on at `next`; answers where it begins. */
function emit(node: RegexNode, next: number, builder: Builder): number {
  switch (node.kind) {
    case 'Characters':
      return add({ op: 'Set', set: setIndex(node.set, builder.table), next }, builder)
    case 'Sequence':
      return node.items.reduceRight((after, item) => emit(item, after, builder), next)
    case 'Choice':
      return node.branches
        .map(branch => emit(branch, next, builder))
        .reduce((other, start) => add({ op: 'Split', next: start, other }, builder))
    case 'Repeat':
      return emitRepeat(node, next, builder)
    case 'Group':
      return emit(node.item, next, builder)
    case 'At':
      return add({ op: 'At', place: node.place, next }, builder)
    case 'Look': {
      builder.looks = true
      const { behind, negated } = node
      const program = makeProgram(node.item, builder.table, behind)
      return add({ op: 'Look', look: { program, behind, negated }, next }, builder)
    }
  }
}

function emitRepeat(
  { item, min, max }: Extract<RegexNode, { kind: 'Repeat' }>,
  next: number,
  builder: Builder
): number {
  let start = next
  if (max === Infinity) {
    // The loop is closed when its body is known.
    const loop = add({ op: 'Match' }, builder)
    const body = emit(item, loop, builder)
    builder.instructions[loop] = { op: 'Split', next: body, other: next }
    start = loop
  } else {
    for (let i = min; i < max; i++) {
      start = add({ op: 'Split', next: emit(item, start, builder), other: next }, builder)
    }
  }
  for (let i = 0; i < min; i++) start = emit(item, start, builder)
  return start
}

function setIndex(set: CharacterSet, { sets, byKey }: SetTable): number {
  const key = JSON.stringify(set)
  const known = byKey.get(key)
  if (known !== undefined) return known
  byKey.set(key, sets.length)
  return sets.push(set) - 1
}
