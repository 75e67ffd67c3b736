import { printable } from '../observe/printable.ts'
import { padText, textWidth } from '../observe/text-width.ts'
import type { ComparedRow } from './compare-rows.ts'
import type { TestColumn } from './plan.ts'

/** Rows of one kind that are shown: of more, the rest is counted. */
const MOST_ROWS = 20
/** Characters of a value that are shown. */
const WIDEST = 60
/** Characters that are shown before the first that differs, where the value has to be cut. */
const BEFORE = 20

const labels = { missing: 'missing', unexpected: 'unexpected', both: '' } as const
const kinds = ['missing', 'unexpected', 'both'] as const

/** Compared rows as a table, each with what is wrong with it before it. */
export function renderRows(columns: readonly TestColumn[], rows: readonly ComparedRow[]): string {
  const table = [
    ['', ...columns.map(({ name }) => printable(name))],
    ...firstOfEach(rows).flatMap(linesOf)
  ]
  const widths = table[0]!.map((_, i) => Math.max(...table.map(cells => textWidth(cells[i]!))))
  const lines = table.map(cells =>
    cells.map((cell, i) => padText(cell, widths[i]!, 'right')).join('  ')
  )
  return [...lines, ...countRest(rows)].map(line => `  ${line}`.trimEnd()).join('\n')
}

/** Below the second row of a pair its cells that differ are marked. */
function linesOf({ found, row, partner }: ComparedRow): string[][] {
  const cells = row.map(({ shown }, i) => cut(shown, partner?.[i]?.shown ?? shown))
  const line = [labels[found], ...cells]
  if (found !== 'unexpected' || partner === null) return [line]
  const marks = cells.map((cell, i) =>
    row[i]!.same === partner[i]!.same ? '' : '^'.repeat(textWidth(cell))
  )
  return [line, ['', ...marks]]
}

function firstOfEach(rows: readonly ComparedRow[]): ComparedRow[] {
  const counts = { missing: 0, unexpected: 0, both: 0 }
  return rows.filter(({ found }) => counts[found]++ < MOST_ROWS)
}

function countRest(rows: readonly ComparedRow[]): string[] {
  return kinds.flatMap(kind => {
    const rest = rows.filter(({ found }) => found === kind).length - MOST_ROWS
    if (rest <= 0) return []
    return [`and ${rest} more ${kind === 'both' ? 'as expected' : labels[kind]}`]
  })
}

/** At most WIDEST characters of a value, so that what differs from the other one is among them. */
function cut(text: string, other: string): string {
  const characters = [...text]
  if (characters.length <= WIDEST) return text
  const others = [...other]
  const differs = Math.max(
    0,
    characters.findIndex((character, i) => character !== others[i])
  )
  const start = differs < WIDEST - 3 ? 0 : differs - BEFORE
  const end = start + WIDEST - 3
  const middle = characters.slice(start, end).join('')
  return `${start > 0 ? '...' : ''}${middle}${end < characters.length ? '...' : ''}`
}
