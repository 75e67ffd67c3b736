import { printable } from '../observe/printable.ts'
import { padText, textWidth } from '../observe/text-width.ts'
import type { Answer, Cell } from './sql-client.ts'

/** The reference prints lists of names in a column of this width; longer names widen it. */
const LIST_WIDTH = 17
const NUMBER = /^(SMALLINT|INT|BIGINT|REAL|DOUBLE|DECIMAL)/

/** A box as MySQL's client draws it: numbers to the right. Null: it is wider than `widest`. */
export function renderTable(answer: Answer): string
export function renderTable(answer: Answer, widest: number): string | null
export function renderTable({ columns, rows }: Answer, widest = Infinity): string | null {
  const names = columns.map(({ name }) => cellText(name))
  const texts = rows.map(row => row.map(cellText))
  const least = columns.length === 1 ? LIST_WIDTH : 0
  const widths = names.map((name, i) =>
    texts.reduce(
      (most, row) => Math.max(most, textWidth(row[i]!)),
      Math.max(least, textWidth(name))
    )
  )
  const rule = `+${widths.map(width => '-'.repeat(width + 2)).join('+')}+\n`
  if (rule.length - 1 > widest) return null
  const isNumber = columns.map(({ type }) => NUMBER.test(type) && !type.endsWith('[]'))
  const line = (cells: readonly string[], isHead: boolean): string => {
    const padded = cells.map((cell, i) =>
      padText(cell, widths[i]!, isNumber[i]! && !isHead ? 'left' : 'right')
    )
    return `| ${padded.join(' | ')} |\n`
  }
  const body = texts.map(row => line(row, false)).join('')
  return rule + line(names, true) + rule + (body === '' ? '' : body + rule)
}

/** One line per value, for rows that are wider than the screen. */
export function renderExpanded({ columns, rows }: Answer): string {
  const names = columns.map(({ name }) => cellText(name))
  const width = names.reduce((most, name) => Math.max(most, textWidth(name)), 0)
  const lineOf = (name: string, cell: Cell): string =>
    `${padText(name, width, 'right')} | ${cellText(cell)}\n`
  return rows
    .map((row, i) => {
      const head = `-[ row ${i + 1} ]${'-'.repeat(Math.max(0, width - 6))}\n`
      return head + names.map((name, k) => lineOf(name, row[k]!)).join('')
    })
    .join('')
}

function cellText(cell: Cell): string {
  if (cell === null) return 'NULL'
  if (typeof cell === 'string')
    return printable(cell.replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
  return printable(JSON.stringify(cell))
}
