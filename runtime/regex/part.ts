import { EMPTY, type Preference, type RegexNode } from './node.ts'

// Which of several matches is meant is PostgreSQL's question to the whole pattern first (the longest or the shortest from
// the leftmost start), then to its parts from left to right. A pattern is cut into parts where that matters: at groups
// that capture, and where parts that want much meet parts that want little. See "Regular Expression Matching Rules" in
// PostgreSQL's manual; the cuts are those of its parseqatom() (src/backend/regex/regcomp.c).

/** A part of a pattern, matched as a whole, and then cut further. */
export type Part = {
  readonly prefer: Preference
  /** What it matches, without regard to captures. */
  readonly node: RegexNode
} & (
  | { readonly kind: 'Leaf' }
  | { readonly kind: 'Capture'; readonly index: number; readonly item: Part }
  /** `left` is served first. */
  | { readonly kind: 'Concat'; readonly left: Part; readonly right: Part }
  /** The first branch that fits is taken. */
  | { readonly kind: 'Choice'; readonly branches: readonly Part[] }
  /** Zero or more times, up to `max`. */
  | { readonly kind: 'Iterate'; readonly item: Part; readonly max: number }
)

export function makePart(node: RegexNode): Part {
  switch (node.kind) {
    case 'Choice':
      return choice(node)
    case 'Sequence':
      return sequence(node.items)
    case 'Characters':
    case 'At':
    case 'Look':
    case 'Group':
    case 'Repeat':
      return sequence([node])
  }
}

/** Whether a part must be cut: it captures, or its parts want different things. */
function needsCut(part: Part): boolean {
  return part.kind !== 'Leaf'
}

function captures(part: Part): boolean {
  switch (part.kind) {
    case 'Leaf':
      return false
    case 'Capture':
      return true
    case 'Concat':
      return captures(part.left) || captures(part.right)
    case 'Choice':
      return part.branches.some(captures)
    case 'Iterate':
      return captures(part.item)
  }
}

function leaf(node: RegexNode, prefer: Preference): Part {
  return { kind: 'Leaf', node, prefer }
}

function choice(node: Extract<RegexNode, { kind: 'Choice' }>): Part {
  const branches = node.branches.map(makePart)
  const clash = branches.some(({ prefer }) => prefer === 'shortest')
  return clash || branches.some(needsCut)
    ? { kind: 'Choice', branches, node, prefer: 'longest' }
    : leaf(node, 'longest')
}

function sequence(items: readonly RegexNode[]): Part {
  let prefer: Preference = null
  for (const [i, item] of items.entries()) {
    const atom = makeAtom(item.kind === 'Repeat' ? item.item : item)
    const wanted = item.kind === 'Repeat' ? item.prefer : null
    const wants = new Set([prefer, wanted, atom.prefer].filter(each => each !== null))
    if (wants.size > 1 || needsCut(atom)) return cut(items, i, prefer, atom)
    prefer ??= wanted ?? atom.prefer
  }
  return leaf({ kind: 'Sequence', items }, prefer)
}

function makeAtom(node: RegexNode): Part {
  switch (node.kind) {
    case 'Characters':
    case 'At':
    case 'Look':
      return leaf(node, null)
    case 'Choice':
    case 'Sequence':
    case 'Repeat':
      return makePart(node)
    case 'Group': {
      const item = makePart(node.item)
      return { kind: 'Capture', index: node.index, item, node, prefer: item.prefer }
    }
  }
}

/** What stands before item `i`, then the item, then the rest: each served before what follows. */
function cut(items: readonly RegexNode[], i: number, before: Preference, atom: Part): Part {
  const item = items[i]!
  const tail = items.slice(i + 1)
  const quantified = item.kind === 'Repeat' ? repeat(item, atom) : atom
  const rest = tail.length === 0 ? quantified : concat(quantified, sequence(tail))
  return i === 0 ? rest : concat(leaf(sequenceOf(items.slice(0, i)), before), rest)
}

function concat(left: Part, right: Part): Part {
  const node = sequenceOf([left.node, right.node])
  return { kind: 'Concat', left, right, node, prefer: left.prefer ?? right.prefer }
}

function repeat(node: Extract<RegexNode, { kind: 'Repeat' }>, atom: Part): Part {
  const { item, min, max } = node
  const prefer = node.prefer ?? atom.prefer
  if (min === 1 && max === 1 && (atom.prefer === null || atom.prefer === prefer)) return atom
  if (!captures(atom)) return leaf(node, prefer)
  if (min === 0) return { kind: 'Iterate', item: atom, max, node, prefer }
  // `x{m,n}` is `x{m-1,n-1}x`, and only the last one captures.
  const head: RegexNode =
    max === 1 ? EMPTY : { kind: 'Repeat', item, min: min - 1, max: max - 1, prefer: node.prefer }
  const both = sequenceOf([head, atom.node])
  return { kind: 'Concat', left: leaf(head, prefer), right: atom, node: both, prefer }
}

function sequenceOf(items: readonly RegexNode[]): RegexNode {
  return { kind: 'Sequence', items }
}
