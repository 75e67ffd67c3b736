import type { NamedWindow, OverClause } from '../../ast/index.ts'
import { windowForm, windowNotFound } from '../../diagnostics/over.ts'
import { type BindContext, report } from '../context.ts'

/** What windows of a WINDOW clause are, by their names in lower case. */
export type NamedWindows = ReadonlyMap<string, OverClause>

/** Each may go on with one above it. One with a problem, of which a diagnostic says, is left out. */
export function bindNamedWindows(windows: readonly NamedWindow[], cx: BindContext): NamedWindows {
  const known = new Map<string, OverClause>()
  for (const { name, over } of windows) {
    const key = name.name.toLowerCase()
    if (known.has(key)) report(cx, windowForm(name.name, 'is defined twice', name.span))
    const whole = resolveWindow(over, known, cx)
    if (whole !== null) known.set(key, whole)
  }
  return known
}

/** A window with what it takes of the one that it names; null after a diagnostic. */
export function resolveWindow(
  over: OverClause,
  known: NamedWindows,
  cx: BindContext
): OverClause | null {
  const { base, partitionBy, orderBy, frame } = over
  if (base === null) return over
  const found = known.get(base.name.toLowerCase())
  if (found === undefined) {
    report(cx, windowNotFound(base.name, [...known.keys()], base.span))
    return null
  }
  const problem = problemOf(over, found)
  if (problem !== null) {
    report(cx, windowForm(base.name, problem, base.span))
    return null
  }
  return {
    ...over,
    base: null,
    partitionBy: [...found.partitionBy, ...partitionBy],
    orderBy: [...found.orderBy, ...orderBy],
    frame: frame ?? found.frame
  }
}

/** As PostgreSQL has it: what there is stays as it is, and a frame is the last word. */
function problemOf(over: OverClause, found: OverClause): string | null {
  const adds = over.orderBy.length > 0 || over.frame !== null
  if (over.partitionBy.length > 0) return 'has a PARTITION BY of its own, which nothing can change'
  if (found.orderBy.length > 0 && over.orderBy.length > 0) {
    return 'has an ORDER BY of its own, which nothing can change'
  }
  return found.frame !== null && adds ? 'has a frame of its own: nothing can come behind it' : null
}
