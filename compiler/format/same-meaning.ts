import { SqlParser, type Token } from '#grammar'
import type { Script } from '../ast/index.ts'
import type { Leaf } from './leaf.ts'

/** Where the case of a word may mean something. */
const namings: readonly number[] = [
  SqlParser.RULE_identifier,
  SqlParser.RULE_propertyValue,
  SqlParser.RULE_simple
]

/**
 * Whether two scripts have the same tokens, but for the case of keywords: then they say the same, and it is much quicker to
 * find out than by their trees. `leaves` are the tokens of the first as its tree has them; where some are in no statement the
 * answer is no.
 */
export function areSameTokens(
  before: readonly Token[],
  leaves: readonly Leaf[],
  after: readonly Token[]
): boolean {
  // The end of the file is no leaf.
  if (before.length !== after.length || before.length !== leaves.length + 1) return false
  return leaves.every(({ rule }, i) => {
    const [a, b] = [before[i]!, after[i]!]
    if (a.type !== b.type) return false
    const [was, is] = [a.text ?? '', b.text ?? '']
    return was === is || (!namings.includes(rule) && was.toUpperCase() === is)
  })
}

/** Whether two scripts have the same syntax trees, but for the places of their nodes. */
export function isSameScript(a: Script, b: Script): boolean {
  return (
    a.statements.length === b.statements.length &&
    a.statements.every((statement, i) => isSame(statement, b.statements[i]))
  )
}

function isSame(left: unknown, right: unknown): boolean {
  // An explicit stack: trees are deep.
  const stack: [unknown, unknown][] = [[left, right]]
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [a, b] = pair
    if (!isObject(a) || !isObject(b)) {
      if (a !== b) return false
      continue
    }
    if (isSpan(a) && isSpan(b)) continue
    const keys = Object.keys(a)
    if (keys.length !== Object.keys(b).length || Array.isArray(a) !== Array.isArray(b)) return false
    for (const key of keys) stack.push([a[key], b[key]])
  }
  return true
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isSpan(value: object): boolean {
  return 'file' in value && 'start' in value && 'end' in value
}
