import { type Figure, formatBar, formatValue } from '../harness/figure.ts'
import { highlights } from './highlights.ts'
import { markdownTable } from './markdown-table.ts'
import type { KeptRun } from './results.ts'

/** The README's lines: what was measured beside what it has to be. Those without a result are left out. */
export function tableOfBars(results: ReadonlyMap<string, KeptRun>): string {
  const rows = highlights.flatMap(({ what, figures }) => {
    const found = figures.flatMap(name => {
      const run = results.get(name.case)
      const figure = run?.case.figures.find(candidate => candidate.name === name.figure)
      return figure === undefined ? [] : [figure]
    })
    if (found.length === 0) return []
    return [
      [what, found.map(formatValue).join(', '), found.map(barOf).join(' or '), verdict(found)]
    ]
  })
  return markdownTable([['', 'measured', 'bar', ''], ...rows])
}

function barOf(figure: Figure): string {
  return formatBar(figure).split(':')[0]!
}

function verdict(figures: readonly Figure[]): string {
  return figures.some(({ isMet }) => isMet === true) ? 'met' : '**missed**'
}
