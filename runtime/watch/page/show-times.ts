import { showEach, showPercent } from '../show-figures.ts'
import { besideOperators } from '../work-between.ts'
import { byId, element, refill } from './dom.ts'
import { fillTable, type Row } from './tables.ts'
import { type Watched, workAt, workOf } from './watched.ts'

/** Operators that are shown: those that take the most. */
const SHOWN = 8
/** Less is not worth a line. */
const LEAST = 0.0005

/** Where the time went: the operators that took most of it, and what else there is. */
export function showTimes(watched: Watched, goTo: (line: number) => void): void {
  const work = workOf(watched)
  const processes = work?.processes ?? 1
  const together = processes === 1 ? '' : `, ${processes} processes together`
  refill(
    byId('times-note'),
    element('span', {}, work === null ? 'Not measured yet.' : `As parts of one core${together}.`)
  )
  if (work === null) return
  const operators = watched.what.nodes
    .flatMap(node => {
      const own = workAt(watched, node)
      return own === null || own.share < LEAST ? [] : [{ node, ...own }]
    })
    .toSorted((a, b) => b.share - a.share)
  const left = operators.slice(SHOWN).reduce((sum, { share }) => sum + share, 0)
  const rows: Row[] = [
    ...operators
      .slice(0, SHOWN)
      .map(({ node, share, each }): Row => [
        `${node.kind} ${node.title}`,
        { text: `${node.line}:${node.column}`, line: node.line },
        showPercent(share),
        each === null ? null : showEach(each)
      ]),
    ...(left === 0 ? [] : [['other operators', null, showPercent(left), null]]),
    ...besideOperators(work)
      .filter(([, share]) => share >= LEAST)
      .map(([title, share]): Row => [title, null, showPercent(share), null])
  ]
  fillTable('times', ['what', 'line', 'of a core', 'per row in'], rows, goTo)
}
