import type { Script } from '../ast/index.ts'

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
