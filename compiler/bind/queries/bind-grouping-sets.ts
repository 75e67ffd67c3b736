import type { Expression, GroupingElement, Select } from '../../ast/index.ts'
import { groupingSetsLimit, groupingSetTwice } from '../../diagnostics/bind-groups.ts'
import { type Expr, type Grouping, makeInterner, makeLiteral } from '../../ir/index.ts'
import { spanText } from '../../source/index.ts'
import { INT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'

/** Every row counts into a group of each set. */
const MOST_SETS = 64
/** GROUPING of all of them is an INT. */
const MOST_KEYS = 31

/** What a query groups by. With sets the last key is the set itself: the GROUPING of the keys before it. */
export type GroupKeys = Pick<Grouping, 'keys' | 'sets'>

/** The keys of GROUP BY, and which of them make each of its sets; null after a diagnostic. */
export function bindGroupingSets(
  { groupBy }: Select,
  bindKey: (expression: Expression) => Expr | null,
  cx: BindContext
): GroupKeys | null {
  const written = groupBy.map(element => ({ element, sets: setsOf(element) }))
  const bound = new Map<Expression, Expr>()
  const expressions = [...new Set(written.flatMap(({ sets }) => sets.flat(2)))]
  for (const expression of expressions) {
    const key = bindKey(expression)
    if (key !== null) bound.set(expression, key)
  }
  if (bound.size < expressions.length) return null
  const special = groupBy.find(({ kind }) => kind !== 'GroupBy')
  if (special === undefined) return { keys: [...bound.values()], sets: null }
  return combine(written, bound, special, cx)
}

interface Written {
  readonly element: GroupingElement
  readonly sets: readonly (readonly Expression[])[]
}

/** Every set of one element with every set of the others. */
function combine(
  written: readonly Written[],
  bound: ReadonlyMap<Expression, Expr>,
  { span }: GroupingElement,
  cx: BindContext
): GroupKeys | null {
  const intern = makeInterner()
  const all = [...bound.values()]
  const ids = [...new Set(all.map(intern))]
  const keys = ids.map(id => all.find(key => intern(key) === id)!)
  const count = written.reduce((product, { sets }) => product * sets.length, 1)
  if (count > MOST_SETS || keys.length > MOST_KEYS) {
    report(cx, groupingSetsLimit(MOST_SETS, MOST_KEYS, span))
    return null
  }
  const placeOf = (key: Expression): number => ids.indexOf(intern(bound.get(key)!))
  const sets = written
    .map(one => one.sets.map(set => set.map(placeOf)))
    .reduce((all, some) => all.flatMap(set => some.map(other => [...set, ...other])), [[]])
    .map(set => [...new Set(set)].sort((a, b) => a - b))
  const twice = sets.find((set, i) => sets.findIndex(other => `${other}` === `${set}`) < i)
  if (twice !== undefined) {
    const names = twice.map(place => spanText(keys[place]!.span)).join(', ')
    report(cx, groupingSetTwice(`(${names})`, span))
    return null
  }
  return { keys: [...keys, makeLiteral(0, INT, span)], sets }
}

function setsOf(element: GroupingElement): readonly (readonly Expression[])[] {
  switch (element.kind) {
    case 'GroupBy':
      return [[element.expression]]
    case 'GroupingSets':
      return element.sets
    case 'Rollup': {
      const parts = element.expressions.map(partsOf)
      return [...parts.keys(), parts.length].reverse().map(length => parts.slice(0, length).flat())
    }
    case 'Cube':
      return subsets(element.expressions.map(partsOf))
  }
}

/** In ROLLUP and CUBE `(a, b)` comes and goes as one. */
export function partsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'RowConstructor' ? expression.items : [expression]
}

/** All of them first, none of them last. More than anybody may have are not made. */
function subsets(parts: readonly (readonly Expression[])[]): readonly (readonly Expression[])[] {
  let sets: readonly (readonly Expression[])[] = [[]]
  for (const part of parts.toReversed()) {
    if (sets.length > MOST_SETS) break
    sets = [...sets.map(set => [...part, ...set]), ...sets]
  }
  return sets
}
