import { skipString, skipValue } from '../../codec/skip.ts'
import type { OutputBatch } from '../../contract/index.ts'
import { printable } from '../../observe/printable.ts'
import { padText, textWidth } from '../../observe/text-width.ts'

interface Cell {
  readonly name: string
  readonly text: string
  readonly isNumber: boolean
}

/**
 * Rows in columns, which are as wide as the first rows need: what comes later and is longer stands out. `isAgain`: nothing else
 * was printed in between, so the names of the columns need not be repeated.
 */
export function makeTableRenderer(): (batch: OutputBatch, isAgain: boolean) => string {
  let widths: readonly number[] | null = null
  return (batch, isAgain) => {
    const rows = Array.from({ length: batch.count }, (_, i) => readRow(batch, i))
    const names = rows[0]!.map(({ name }) => name)
    widths ??= names.map((name, k) =>
      rows.reduce((most, row) => Math.max(most, textWidth(row[k]!.text)), textWidth(name))
    )
    const known = widths
    const lines = rows.map(row =>
      line(
        row.map(({ text, isNumber }, k) => padText(text, known[k]!, isNumber ? 'left' : 'right'))
      )
    )
    if (isAgain) return lines.join('')
    const head = names.map((name, k) => padText(name, known[k]!, 'right'))
    const rule = known.map(width => '-'.repeat(width))
    return line(head) + line(rule) + lines.join('')
  }
}

/** The members of a record that a writer has made: without white space, each name once. */
function readRow({ bytes, valueStart, valueEnd, op }: OutputBatch, record: number): Cell[] {
  const cells: Cell[] = []
  const change = op[record]!
  if (change !== 0) cells.push({ name: 'op', text: String.fromCharCode(change), isNumber: false })
  const end = valueEnd[record]!
  const text = (from: number, to: number): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString()
  for (let pos = valueStart[record]! + 1; pos < end;) {
    const colon = skipString(bytes, pos, end)
    const after = skipValue(bytes, colon + 1, end)
    const name = printable(JSON.parse(text(pos, colon)) as string)
    cells.push({ name, ...cellOf(text(colon + 1, after)) })
    pos = after + 1
  }
  return cells
}

function cellOf(json: string): Omit<Cell, 'name'> {
  if (json === 'null') return { text: 'NULL', isNumber: false }
  if (!json.startsWith('"')) return { text: printable(json), isNumber: /^[-\d]/.test(json) }
  const text = (JSON.parse(json) as string).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return { text: printable(text), isNumber: false }
}

function line(cells: readonly string[]): string {
  return `${cells.join('  ').trimEnd()}\n`
}
