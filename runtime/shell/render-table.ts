import { printable } from '../observe/printable.ts'
import type { Answer, Cell } from './sql-client.ts'

/** The reference prints lists of names in a column of this width; longer names widen it. */
const LIST_WIDTH = 17
const NUMBER = /^(SMALLINT|INT|BIGINT|REAL|DOUBLE|DECIMAL)/

/** A box as MySQL's client draws it: numbers to the right. */
export function renderTable({ columns, rows }: Answer): string {
  const texts = rows.map(row => row.map(cellText))
  const widths = columns.map(({ name }, i) => {
    const least = columns.length === 1 ? LIST_WIDTH : 0
    return texts.reduce(
      (most, row) => Math.max(most, widthOf(row[i]!)),
      Math.max(least, widthOf(name))
    )
  })
  const rule = `+${widths.map(width => '-'.repeat(width + 2)).join('+')}+\n`
  const isNumber = columns.map(({ type }) => NUMBER.test(type) && !type.endsWith('[]'))
  const line = (cells: readonly string[], toRight: (i: number) => boolean): string =>
    `| ${cells.map((cell, i) => pad(cell, widths[i]!, toRight(i))).join(' | ')} |\n`
  const head = line(
    columns.map(({ name }) => name),
    () => false
  )
  const body = texts.map(row => line(row, i => isNumber[i]!)).join('')
  return rule + head + rule + (body === '' ? '' : body + rule)
}

/** One line per value, for rows that are wider than the screen. */
export function renderExpanded({ columns, rows }: Answer): string {
  const width = columns.reduce((most, { name }) => Math.max(most, widthOf(name)), 0)
  return rows
    .map((row, i) => {
      const lines = columns.map(
        ({ name }, k) => `${pad(name, width, false)} | ${cellText(row[k]!)}`
      )
      return `-[ row ${i + 1} ]${'-'.repeat(Math.max(0, width - 6))}\n${lines.join('\n')}\n`
    })
    .join('')
}

function cellText(cell: Cell): string {
  if (cell === null) return 'NULL'
  if (typeof cell === 'string')
    return printable(cell.replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
  return JSON.stringify(cell)
}

/** In characters: close enough for all but the widest scripts. */
function widthOf(text: string): number {
  return [...text].length
}

function pad(text: string, width: number, toRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return toRight ? space + text : text + space
}
