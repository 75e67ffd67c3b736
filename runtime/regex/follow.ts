import { EDGE, type Neighbour, NEWLINE, WORD } from './alphabet.ts'
import type { Place } from './node.ts'
import type { LookProgram, Program } from './program.ts'

/** All states of a program that are reached from `core` without a character, between two neighbours. */
export function followProgram(
  { instructions }: Program,
  core: readonly number[],
  before: Neighbour,
  after: Neighbour,
  look: (program: LookProgram) => boolean
): ReadonlySet<number> {
  const reached = new Set<number>()
  const waiting = [...core]
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (reached.has(index)) continue
    reached.add(index)
    const instruction = instructions[index]!
    switch (instruction.op) {
      case 'Split':
        waiting.push(instruction.next, instruction.other)
        break
      case 'At':
        if (isAt(instruction.place, before, after)) waiting.push(instruction.next)
        break
      case 'Look':
        if (look(instruction.look)) waiting.push(instruction.next)
        break
      case 'Set':
      case 'Match':
    }
  }
  return reached
}

function isAt(place: Place, before: Neighbour, after: Neighbour): boolean {
  const starts = after === WORD && before !== WORD
  const ends = before === WORD && after !== WORD
  switch (place) {
    case 'textStart':
      return before === EDGE
    case 'textEnd':
      return after === EDGE
    case 'lineStart':
      return before === EDGE || before === NEWLINE
    case 'lineEnd':
      return after === EDGE || after === NEWLINE
    case 'wordStart':
      return starts
    case 'wordEnd':
      return ends
    case 'wordBoundary':
      return starts || ends
    case 'noWordBoundary':
      return !starts && !ends
  }
}
